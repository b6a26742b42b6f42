import * as vscode from 'vscode';
import { type Api, start, stop } from '../activate';

/** The extension in a browser: the same server in a worker, which sees what is open and what the editor sends it of the tree. */
export function activate(context: vscode.ExtensionContext): Api {
  const server = vscode.Uri.joinPath(context.extensionUri, 'dist', 'browserServer.js');
  return start(context, async (output, onGivenUp) => (await import('./serverWorker')).clientOfWorker(server, output, onGivenUp));
}

export function deactivate(): Promise<void> {
  return stop();
}
