import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type StatusParams, statusNotice } from '../../server/src/protocol/status';
import { type IndexStateParams, indexNotice } from '../../server/src/protocol/treeIndex';
import { registerAssistTools } from './assistTools';
import { CheckView } from './checkView';
import { registerCommands } from './commands';
import { LOGS, sources } from './documents';
import { isKernelLike } from './kernelLike';
import { LogView } from './logView';
import { MaskExplorer } from './maskExplorer';
import { Pages } from './pages';
import { watchPastedLogs } from './pastedLog';
import { Status } from './status';

/** Loads what it takes to run the server; `onGivenUp` is called when it ended again and again and is not started any more. */
export type ClientMaker = (output: vscode.LogOutputChannel, onGivenUp: (reason: string) => void) => Promise<BaseLanguageClient>;

/** What other extensions and the tests can ask. */
export interface Api {
  /** The text of the language status item: `Linux 6.1.192 (tree)`. */
  readonly statusText: () => string;
  /** What stands below it: what the server does, the last check, the index. */
  readonly statusDetail: () => string;
}

let running: Server | undefined;

/** Registers everything there is, and starts the server once somebody needs it. */
export function start(context: vscode.ExtensionContext, makeClient: ClientMaker): Api {
  const output = vscode.window.createOutputChannel('GFP Lens', { log: true });
  const status = new Status(sources());
  const server = new Server(makeClient, output, status);
  running = server;
  const ready = (): Promise<BaseLanguageClient> => server.ready();
  const pages = new Pages(ready);
  const logView = new LogView(ready, context.extensionUri);
  const report = new CheckView(context.extensionUri, pages);
  const explorer = new MaskExplorer(context.extensionUri, ready);
  context.subscriptions.push(
    output,
    status,
    pages,
    logView,
    explorer,
    report,
    watchPastedLogs(),
    ...registerCommands({
      client: ready,
      pages,
      logView,
      explorer,
      checked: (result) => {
        status.checked(result);
        if (result.report !== undefined) report.show(result.report);
      },
      report,
      output,
      restart: () => server.restart(),
    }),
    registerAssistTools(ready),
    startForKernelCode(ready),
  );
  void vscode.commands.executeCommand('setContext', 'gfpLens.active', true);
  return { statusText: () => status.text, statusDetail: () => status.detail };
}

export async function stop(): Promise<void> {
  await running?.stop();
}

/** The server as the commands see it: started by the first question. */
class Server {
  private client: BaseLanguageClient | undefined;
  private started: Promise<BaseLanguageClient> | undefined;

  constructor(
    private readonly makeClient: ClientMaker,
    private readonly output: vscode.LogOutputChannel,
    private readonly status: Status,
  ) {}

  ready(): Promise<BaseLanguageClient> {
    this.started ??= this.start();
    return this.started;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.started = this.start();
    await this.started;
  }

  async stop(): Promise<void> {
    if (this.client?.needsStop()) await this.client.stop();
  }

  private async start(): Promise<BaseLanguageClient> {
    this.status.starting();
    this.client ??= await this.make();
    try {
      await this.client.start();
    } catch (error) {
      this.status.failed(vscode.l10n.t('the server cannot start, see the output'));
      this.output.error(error instanceof Error ? error : String(error));
    }
    return this.client;
  }

  private async make(): Promise<BaseLanguageClient> {
    const client = await this.makeClient(this.output, (reason) => this.status.failed(reason));
    client.onNotification(statusNotice.method, (params: StatusParams) => this.status.update(params));
    client.onNotification(indexNotice.method, (params: IndexStateParams) => this.status.indexed(params));
    return client;
  }
}

/** Starts the server with the first document that has to do with the kernel: other C files cost nothing. */
function startForKernelCode(ready: () => Promise<BaseLanguageClient>): vscode.Disposable {
  const selector = [...sources(), LOGS];
  let wanted = false;
  const look = async (document: vscode.TextDocument): Promise<void> => {
    if (wanted || vscode.languages.match(selector, document) === 0 || !(await isKernelLike(document))) return;
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
