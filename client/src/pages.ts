import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { decodeMaskRequest, type Page, rulePageRequest } from './protocol';

const SCHEME = 'gfp-lens';

/** Where the manual page of a rule is: `gfp-lens:/rule/sleep-in-atomic.md`. */
export function rulePageUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/rule/${id}.md` });
}

/** Where the explanation of a mask is; the query names the document whose kernel tree counts. */
export function maskPageUri(text: string, document: vscode.Uri | undefined): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/mask/${text}.md`, query: document?.toString() ?? '' });
}

/** Read-only Markdown pages that the server writes. The manifest associates their scheme with VS Code's Markdown preview. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  readonly onDidChange = this.changed.event;

  constructor(private readonly client: LanguageClient) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [, kind, name] = /^\/(rule|mask)\/(.*)\.md$/s.exec(uri.path) ?? [];
    if (name === undefined) return '';
    const page = kind === 'rule' ? await this.rulePage(name) : await this.maskPage(name, uri.query);
    return page?.markdown ?? `There is no ${kind} \`${name}\`.`;
  }

  /** Opens a page beside the editor, written anew: the kernel or the settings may have changed since it was opened last. */
  async show(uri: vscode.Uri): Promise<void> {
    this.changed.fire(uri);
    await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private rulePage(id: string): Promise<Page | null> {
    return this.client.sendRequest(rulePageRequest, { id });
  }

  private maskPage(text: string, document: string): Promise<Page | null> {
    return this.client.sendRequest(decodeMaskRequest, { text, ...(document === '' ? {} : { uri: document }) });
  }
}
