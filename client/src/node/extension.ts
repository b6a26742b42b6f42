import * as vscode from 'vscode';
import { type Api, start, stop } from '../activate';
import { registerTasks } from './tasks';

/** The extension where there is Node.js: on the desktop, and on the remote side of SSH, WSL and containers. */
export function activate(context: vscode.ExtensionContext): Api {
  void vscode.commands.executeCommand('setContext', 'gfpLens.hasDisk', true);
  context.subscriptions.push(registerTasks(context.asAbsolutePath('dist/cli.js')));
  const server = context.asAbsolutePath('dist/server.js');
  // The client's library is large: it is loaded with the first kernel file, not with the first C file.
  return start(context, async (output, onGivenUp) => (await import('./serverProcess')).clientOfProcess(server, output, onGivenUp));
}

/** VS Code waits for the promise, so the server ends before the window does. */
export function deactivate(): Promise<void> {
  return stop();
}
