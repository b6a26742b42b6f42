import * as vscode from 'vscode';
import type { CheckResult } from '../../server/src/protocol/check';
import { type Pages, rulePageUri } from './pages';
import { panelBeside, webviewPage } from './webviewPage';

type Report = NonNullable<CheckResult['report']>;

/** What the page says when a button is pressed. */
type Message =
  /** `line`: from 1. */
  { readonly kind: 'place'; readonly uri: string; readonly line: number } | { readonly kind: 'rule'; readonly id: string };

/** The report of the last check of a folder or a tree. The server writes the page; here it gets its frame, and its buttons work. */
export class CheckView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private report: Report | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly pages: Pages,
  ) {}

  /** Shows a new report, or without one the last again. */
  show(report = this.report): void {
    if (report === undefined) return;
    this.report = report;
    void vscode.commands.executeCommand('setContext', 'gfpLens.hasReport', true);
    this.panel ??= this.create();
    this.panel.title = report.title;
    const { title, html: body } = report;
    this.panel.webview.html = webviewPage(this.panel.webview, this.extension, {
      title: title.replace(/[&<>]/g, ''),
      body,
      style: 'log.css',
      script: 'log.js',
    });
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private create(): vscode.WebviewPanel {
    return panelBeside(this.extension, {
      view: 'gfpLens.check',
      title: 'GFP Lens',
      received: (message: Message) => void this.act(message),
      closed: () => {
        this.panel = undefined;
      },
    });
  }

  private async act(message: Message): Promise<void> {
    if (message.kind === 'rule') return this.pages.show(rulePageUri(message.id));
    const selection = new vscode.Range(message.line - 1, 0, message.line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.parse(message.uri), { selection, viewColumn: vscode.ViewColumn.One });
  }
}
