import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  type DocumentSelector,
  ErrorAction,
  type ErrorHandler,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from 'vscode-languageclient';
import { LOGS, sources } from './documents';
import { wantsFixOnSave } from './fixOnSave';
import { rulePageUri } from './pages';

/** How the server writes a link to a rule's page; `{id}` stands for the rule. In a hover only commands can lead to our pages. */
const RULE_PAGE_LINK = 'command:gfpLens.openRulePage?%5B%22{id}%22%5D';
const RULE_PAGE_PATTERN = /^command:gfpLens\.openRulePage\?%5B%22([\w-]+)%22%5D$/;

/** How a hover leads to the mask explorer. */
const MASK_LINK = 'command:gfpLens.exploreMask?%5B%22{mask}%22%5D';

const RESTARTS = 3;
const RESTART_WINDOW_MS = 3 * 60_000;

/**
 * @param output receives the log of client and server; its log level also decides on protocol traces
 * @param onGivenUp called when the server ended again and again and is not started any more
 */
export function clientOptions(output: vscode.LogOutputChannel, onGivenUp: (reason: string) => void): LanguageClientOptions {
  return {
    documentSelector: [...sources(), LOGS] as DocumentSelector,
    outputChannel: output,
    // Nothing opens or pops up by itself; the status item says what is wrong.
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => ({
      ...vscode.workspace.getConfiguration().get<object>('gfpLens'),
      rulePageLink: RULE_PAGE_LINK,
      maskLink: MASK_LINK,
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
    middleware: {
      provideCodeActions: (document, range, context, token, next) =>
        isUnaskedFix(document, context) ? [] : next(document, range, context, token),
    },
    markdown: { isTrusted: { enabledCommands: ['gfpLens.openRulePage', 'gfpLens.exploreMask'] }, supportHtml: false },
  };
}

/** Whether the editor asks for fixes by itself, which happens on saving, without the user having said so in his own settings. */
function isUnaskedFix(document: vscode.TextDocument, { only, triggerKind }: vscode.CodeActionContext): boolean {
  if (triggerKind !== vscode.CodeActionTriggerKind.Automatic || only === undefined || !vscode.CodeActionKind.Source.contains(only))
    return false;
  const settings = vscode.workspace.getConfiguration('editor', document).inspect('codeActionsOnSave');
  return settings === undefined || !wantsFixOnSave(settings);
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
    this.onGivenUp(
      vscode.l10n.t('the server ended {0} times within {1} minutes, see the output', RESTARTS + 1, RESTART_WINDOW_MS / 60_000),
    );
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
