import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { registerCommands } from './commands';
import { isKernelLike } from './kernelLike';
import { createLanguageClient, documentSelector } from './languageClient';
import { LogView } from './logView';
import { MaskExplorer } from './maskExplorer';
import { Pages } from './pages';
import { watchPastedLogs } from './pastedLog';
import { type CheckResult, statusNotification } from './protocol';
import { Status } from './status';
import { registerTasks } from './tasks';

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
  let started: Promise<void> | undefined;
  const ready = async (): Promise<LanguageClient> => {
    await (started ??= start());
    return client;
  };
  const restart = async (): Promise<void> => {
    if (client.needsStop()) await client.stop();
    await (started = start());
  };
  const pages = new Pages(ready);
  const logView = new LogView(ready, context.extensionUri);
  const explorer = new MaskExplorer(context.extensionUri, ready);
  const checked = (result: CheckResult): void => status.checked(result);
  context.subscriptions.push(
    output,
    status,
    pages,
    logView,
    explorer,
    watchPastedLogs(),
    ...registerCommands({ client: ready, pages, logView, explorer, checked, output, restart }),
    registerTasks(context.asAbsolutePath('dist/cli.js')),
    startForKernelCode(ready),
  );
  void vscode.commands.executeCommand('setContext', 'gfpLens.active', true);
  return { statusText: () => status.text };
}

/** Starts the server with the first document that has to do with the kernel: other C files cost nothing. */
function startForKernelCode(ready: () => Promise<LanguageClient>): vscode.Disposable {
  let wanted = false;
  const look = async (document: vscode.TextDocument): Promise<void> => {
    if (wanted || vscode.languages.match(documentSelector, document) === 0 || !(await isKernelLike(document))) return;
    wanted = true;
    await ready();
  };
  for (const document of vscode.workspace.textDocuments) void look(document);
  const listeners = [
    vscode.workspace.onDidOpenTextDocument((document) => void look(document)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('gfpLens.enable')) for (const document of vscode.workspace.textDocuments) void look(document);
    }),
  ];
  return vscode.Disposable.from(...listeners);
}

/** VS Code waits for the promise, so the server ends before the window does. */
export async function deactivate(): Promise<void> {
  if (running?.needsStop()) await running.stop();
}
