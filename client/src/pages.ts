import * as vscode from 'vscode';
import type { Page } from './protocol';

const SCHEME = 'gfp-lens';

/** Read-only Markdown pages (a decoded mask, a rule's manual page), shown in VS Code's own preview. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registrations = [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
    this.changed,
  ];

  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Shows a page beside the editor; the same path again replaces what it showed. */
  async show(path: string, page: Page): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${path}.md` });
    this.texts.set(uri.toString(), page.markdown);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      // VS Code's Markdown extension can be disabled; the page is readable as text.
      await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
    }
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
  }
}
