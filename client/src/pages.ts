import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { compareMasksQuestion, compareReleasesQuestion, decodeMaskQuestion } from '../../server/src/protocol/masks';
import { type Page, rulePageQuestion } from '../../server/src/protocol/pages';
import { ask } from './ask';

const SCHEME = 'gfp-lens';

/** Where the manual page of a rule is: `gfp-lens:/rule/sleep-in-atomic.md`. */
export function rulePageUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/rule/${id}.md` });
}

/** Where the explanation of a mask is; the query names the document whose kernel tree counts. */
export function maskPageUri(text: string, document: vscode.Uri | undefined): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/mask/${text}.md`, query: document?.toString() ?? '' });
}

/** Where the comparison of two masks is. */
export function comparisonPageUri(first: string, second: string, document: vscode.Uri | undefined): vscode.Uri {
  const path = `/compare/${encodeURIComponent(first)}/${encodeURIComponent(second)}.md`;
  return vscode.Uri.from({ scheme: SCHEME, path, query: document?.toString() ?? '' });
}

/** Where the comparison of a mask across releases is. */
export function releasesPageUri(text: string, document: vscode.Uri | undefined): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/releases/${text}.md`, query: document?.toString() ?? '' });
}

/** Read-only Markdown pages that the server writes. The manifest associates their scheme with VS Code's Markdown preview. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  readonly onDidChange = this.changed.event;

  constructor(private readonly client: () => Promise<BaseLanguageClient>) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [, kind, name] = /^\/(rule|mask|compare|releases)\/(.*)\.md$/s.exec(uri.path) ?? [];
    if (kind === undefined || name === undefined) return '';
    const page = await this.page(kind, name, uri.query);
    return page?.markdown ?? vscode.l10n.t('There is nothing to say about `{0}`.', name);
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

  private async page(kind: string, name: string, document: string): Promise<Page | null> {
    const client = await this.client();
    const kernel = document === '' ? {} : { uri: document };
    if (kind === 'rule') return ask(client, rulePageQuestion, { id: name });
    if (kind === 'mask') return ask(client, decodeMaskQuestion, { text: name, ...kernel });
    if (kind === 'releases') return ask(client, compareReleasesQuestion, { text: name, ...kernel });
    const [first = '', second = ''] = name.split('/').map(decodeURIComponent);
    return ask(client, compareMasksQuestion, { first: { text: first }, second: { text: second }, ...kernel });
  }
}
