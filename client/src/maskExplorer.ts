import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type MaskAsk, type MaskViewResult, maskViewQuestion } from '../../server/src/protocol/masks';
import { ask } from './ask';
import { webviewPage } from './webviewPage';

/** What the view sends: that it is there, a question, or a text for the clipboard. */
type FromView =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly ask: MaskAsk }
  | { readonly kind: 'copy'; readonly text: string };

/** What the view gets: a question to start with, or the answer to the newest one. */
export type ToView =
  | { readonly kind: 'start'; readonly ask: MaskAsk }
  | { readonly kind: 'answer'; readonly ask: MaskAsk; readonly result: MaskViewResult };

const VIEW = 'gfpLens.maskExplorer';
const FIRST: MaskAsk = { text: 'GFP_KERNEL' };

/**
 * The mask explorer: one panel that shows what a mask does while one changes it. The view holds no knowledge of masks: every change is a question to the
 * server.
 */
export class MaskExplorer implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private ask: MaskAsk = FIRST;
  private document: vscode.Uri | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly client: () => Promise<BaseLanguageClient>,
  ) {}

  /** Opens the panel, or brings it to the front, with a mask; `document` decides on the kernel. */
  show(text: string | undefined, document: vscode.Uri | undefined): void {
    if (text !== undefined) this.ask = { text };
    if (document !== undefined) this.document = document;
    if (this.panel === undefined) this.panel = this.create();
    else {
      this.panel.reveal(undefined, false);
      if (text !== undefined) this.post({ kind: 'start', ask: this.ask });
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private create(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(VIEW, vscode.l10n.t('Mask Explorer'), vscode.ViewColumn.Beside, {
      enableScripts: true,
      enableCommandUris: false,
      retainContextWhenHidden: false,
      localResourceRoots: [vscode.Uri.joinPath(this.extension, 'dist'), vscode.Uri.joinPath(this.extension, 'assets')],
    });
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'assets', 'icon.png');
    panel.webview.onDidReceiveMessage((message: FromView) => void this.received(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.html = page(panel.webview, this.extension);
    return panel;
  }

  private async received(message: FromView): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.post({ kind: 'start', ask: this.ask });
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'ask': {
        this.ask = message.ask;
        const client = await this.client();
        const uri = this.document === undefined ? {} : { uri: this.document.toString() };
        const result = await ask(client, maskViewQuestion, { ...message.ask, ...uri });
        if (result !== null) this.post({ kind: 'answer', ask: message.ask, result });
      }
    }
  }

  private post(message: ToView): void {
    void this.panel?.webview.postMessage(message);
  }
}

/** The page of the view. Nothing but our own script and style may run or load. */
function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const body = '<main id="explorer"></main>';
  return webviewPage(webview, extension, {
    title: vscode.l10n.t('Mask Explorer'),
    body,
    style: 'maskExplorer.css',
    script: 'maskExplorer.js',
  });
}
