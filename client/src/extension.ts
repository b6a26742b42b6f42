import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { registerCommands } from './commands';
import { createLanguageClient, documentSelector } from './languageClient';
import { LogView } from './logView';
import { Pages } from './pages';
import { watchPastedLogs } from './pastedLog';
import { statusNotification } from './protocol';
import { Status } from './status';

let running: LanguageClient | undefined;

/** What other extensions and the tests can ask. */
export interface Api {
  /** The text of the language status item: `Linux 6.1.192 (tree)`. */
  readonly statusText: () => string;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel('GFP Lens', { log: true });
  const status = new Status(documentSelector);
  const client = createLanguageClient(context.asAbsolutePath('dist/server.js'), output, (reason) => status.failed(reason));
  running = client;
  const pages = new Pages(client);
  const logView = new LogView(client, context.extensionUri);
  client.onNotification(statusNotification, (params) => status.update(params));
  const start = async (): Promise<void> => {
    status.starting();
    try {
      await client.start();
    } catch (error) {
      status.failed('the server cannot start, see the output');
      output.error(error instanceof Error ? error : String(error));
    }
  };
  const restart = async (): Promise<void> => {
    if (client.needsStop()) await client.stop();
    await start();
  };
  context.subscriptions.push(output, status, pages, logView, watchPastedLogs());
  context.subscriptions.push(...registerCommands({ client, pages, logView, output, restart }));
  void vscode.commands.executeCommand('setContext', 'gfpLens.active', true);
  await start();
  return { statusText: () => status.text };
}

/** VS Code waits for the promise, so the server ends before the window does. */
export async function deactivate(): Promise<void> {
  if (running?.needsStop()) await running.stop();
}
