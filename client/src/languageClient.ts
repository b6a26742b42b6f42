import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import { rulePageUri } from './pages';

/** C files, and headers: those are C in a kernel tree even where VS Code takes them for C++. */
export const documentSelector = [
  { scheme: 'file', language: 'c' },
  { scheme: 'untitled', language: 'c' },
  { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
];

/** Kernel logs, wherever they are: pasted text too. */
const LOGS = { language: 'kernel-log' };

/** How the server writes a link to a rule's page; `{id}` stands for the rule. In a hover only commands can lead to our pages. */
const RULE_PAGE_LINK = 'command:gfpLens.openRulePage?%5B%22{id}%22%5D';
const RULE_PAGE_PATTERN = /^command:gfpLens\.openRulePage\?%5B%22([\w-]+)%22%5D$/;

const RESTARTS = 3;
const RESTART_WINDOW_MS = 3 * 60_000;

/**
 * @param serverModule absolute path of the bundled server
 * @param output receives the log of client and server; its log level also decides on protocol traces
 * @param onGivenUp called when the server ended again and again and is not started any more
 */
export function createLanguageClient(
  serverModule: string,
  output: vscode.LogOutputChannel,
  onGivenUp: (reason: string) => void,
): LanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc };
  return new LanguageClient(
    'gfpLens',
    'GFP Lens',
    { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } },
    {
      documentSelector: [...documentSelector, LOGS],
      outputChannel: output,
      // Nothing opens or pops up by itself; the status item says what is wrong.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => ({
        ...vscode.workspace.getConfiguration().get<object>('gfpLens'),
        rulePageLink: RULE_PAGE_LINK,
        explainLogCommand: 'gfpLens.explainFailure',
      }),
      initializationFailedHandler: (error: unknown) => {
        output.error(`the server cannot start: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      },
      errorHandler: new QuietErrorHandler(onGivenUp),
      synchronize: { configurationSection: 'gfpLens' },
      diagnosticCollectionName: 'gfp-lens',
      diagnosticPullOptions: { onChange: true, onTabs: true },
      uriConverters: { code2Protocol: (uri) => uri.toString(), protocol2Code: toUri },
      markdown: { isTrusted: { enabledCommands: ['gfpLens.openRulePage'] }, supportHtml: false },
    },
  );
}

/** The code of a diagnostic, unlike a hover, is no place for a command, but opens any document: there the link becomes the page itself. */
function toUri(value: string): vscode.Uri {
  const id = RULE_PAGE_PATTERN.exec(value)?.[1];
  return id === undefined ? vscode.Uri.parse(value) : rulePageUri(id);
}

/** Starts a server that crashed again, a few times, and never with a message box. */
class QuietErrorHandler implements ErrorHandler {
  private restarts: number[] = [];

  constructor(private readonly onGivenUp: (reason: string) => void) {}

  error(): { action: ErrorAction; handled: boolean } {
    return { action: ErrorAction.Continue, handled: true };
  }

  closed(): CloseHandlerResult {
    const now = Date.now();
    this.restarts = [...this.restarts.filter((time) => now - time < RESTART_WINDOW_MS), now];
    if (this.restarts.length <= RESTARTS) return { action: CloseAction.Restart, handled: true };
    this.restarts = [];
    this.onGivenUp(`the server ended ${RESTARTS + 1} times within ${RESTART_WINDOW_MS / 60_000} minutes, see the output`);
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
