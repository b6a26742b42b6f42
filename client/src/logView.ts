import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { explainLogQuestion, findFunctionQuestion, type LogPage } from '../../server/src/protocol/logs';
import { ask } from './ask';
import { panelBeside, webviewPage } from './webviewPage';

const LANGUAGE = 'kernel-log';
/** Languages that VS Code gives to logs by their names. */
const PLAIN_LANGUAGES = new Set(['plaintext', 'log']);

/** What the page says when a button is pressed. */
type Message =
  | { readonly kind: 'copy' }
  /** `line`: of the log, from 1. */
  | { readonly kind: 'line'; readonly line: number }
  /** `line`: in its file, from 1; 0: where the function begins. */
  | { readonly kind: 'function'; readonly name: string; readonly module: string; readonly line: number };

/** The failure that is shown. */
interface Shown {
  readonly uri: vscode.Uri;
  /** Where the log is, to show its lines there. */
  readonly column: vscode.ViewColumn | undefined;
  readonly page: LogPage | null;
}

/** The view beside a kernel log that explains one of its failures. The server writes the page; here it gets its frame, and its buttons work. */
export class LogView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: Shown | undefined;

  constructor(
    private readonly client: () => Promise<BaseLanguageClient>,
    private readonly extension: vscode.Uri,
  ) {}

  /** Explains the failure at a line (from 0) of a document, or at the cursor. */
  async explain(given?: unknown, line?: unknown): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const uri = typeof given === 'string' ? vscode.Uri.parse(given) : given instanceof vscode.Uri ? given : editor?.document.uri;
    if (uri === undefined) return;
    const own = editor?.document.uri.toString() === uri.toString() ? editor : undefined;
    await readAsLog(await vscode.workspace.openTextDocument(uri));
    const at = typeof line === 'number' ? line : (own?.selection.active.line ?? 0);
    const client = await this.client();
    const question = (withSource: boolean) => ask(client, explainLogQuestion, { uri: uri.toString(), line: at, withSource });
    const page = await question(false);
    this.show({ uri, column: own?.viewColumn, page });
    if (page === null || !page.sources) return;
    const { shown } = this;
    const located = await question(true);
    // Meanwhile another failure may have been asked for.
    if (located !== null && this.shown === shown) this.show({ uri, column: own?.viewColumn, page: located });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private show(shown: Shown): void {
    this.shown = shown;
    this.panel ??= this.create();
    this.panel.title = shown.page === null ? vscode.l10n.t('Kernel log') : shown.page.title;
    this.panel.webview.html = this.document(this.panel.webview, shown.page);
    if (!this.panel.visible) this.panel.reveal(undefined, true);
  }

  private create(): vscode.WebviewPanel {
    return panelBeside(this.extension, {
      view: 'gfpLens.log',
      title: vscode.l10n.t('Kernel log'),
      received: (message: Message) => void this.act(message),
      closed: () => {
        this.panel = undefined;
        this.shown = undefined;
      },
    });
  }

  /** The page with its frame: only our own style and script may be used, whatever stands in the log. */
  private document(webview: vscode.Webview, page: LogPage | null): string {
    const body = page?.html ?? `<main><h1>${vscode.l10n.t('No allocation failure in this text')}</h1></main>`;
    return webviewPage(webview, this.extension, { title: vscode.l10n.t('Kernel log'), body, style: 'log.css', script: 'log.js' });
  }

  private async act(message: Message): Promise<void> {
    const { shown } = this;
    if (shown === undefined) return;
    if (message.kind === 'copy') {
      await vscode.env.clipboard.writeText(shown.page?.text ?? '');
      this.say(vscode.l10n.t('Copied.'));
    } else if (message.kind === 'line') {
      await reveal(shown.uri, message.line - 1, shown.column);
    } else {
      await this.openFunction(shown, message);
    }
  }

  private async openFunction({ uri, column }: Shown, { name, module, line }: Extract<Message, { kind: 'function' }>): Promise<void> {
    this.say(vscode.l10n.t('Looking for {0}() in the tree\u2026', name));
    const client = await this.client();
    const place = await ask(client, findFunctionQuestion, { uri: uri.toString(), name, module });
    this.say(place === null ? vscode.l10n.t('{0}() is not in the tree.', name) : '');
    if (place !== null) await reveal(vscode.Uri.parse(place.uri), line > 0 ? line - 1 : place.line, column);
  }

  private say(said: string): void {
    void this.panel?.webview.postMessage({ said });
  }
}

/** Pasted text and files that VS Code takes for plain text become kernel logs, which the server reads. */
async function readAsLog(document: vscode.TextDocument): Promise<void> {
  if (PLAIN_LANGUAGES.has(document.languageId)) await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
}

async function reveal(uri: vscode.Uri, line: number, viewColumn: vscode.ViewColumn | undefined): Promise<void> {
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(uri, { selection, viewColumn: viewColumn ?? vscode.ViewColumn.One });
}
