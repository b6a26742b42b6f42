import * as vscode from 'vscode';
import { randomWord } from './randomWord';

/** What a panel of ours is called, and what follows when its page speaks (a message of the kind `M`) or is closed. */
interface Panel<M> {
  readonly view: string;
  readonly title: string;
  readonly received: (message: M) => void;
  readonly closed: () => void;
}

/** A panel beside the editor for a page of {@link webviewPage}, which leaves the focus where it is. */
export function panelBeside<M>(extension: vscode.Uri, { view, title, received, closed }: Panel<M>): vscode.WebviewPanel {
  const options = { enableScripts: true, enableFindWidget: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')] };
  const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  const panel = vscode.window.createWebviewPanel(view, title, place, options);
  panel.webview.onDidReceiveMessage(received);
  panel.onDidDispose(closed);
  return panel;
}

/** A page of a webview with its frame: nothing but our own style and script may run or load, whatever stands in `body`. Both names are files in dist/. */
export function webviewPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  { title, body, style, script }: { readonly title: string; readonly body: string; readonly style: string; readonly script: string },
): string {
  const nonce = randomWord();
  const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource(style)}">
<title>${title}</title>
</head>
<body>
${body}
<script nonce="${nonce}" src="${resource(script)}"></script>
</body>
</html>`;
}
