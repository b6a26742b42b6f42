import * as vscode from 'vscode';
import type {
  BaseLanguageClient,
  ProgressType,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from 'vscode-languageclient';
import { type CheckParams, type CheckResult, checkQuestion } from '../../server/src/protocol/check';
import { ask } from './ask';
import { randomWord } from './randomWord';

/** Tells the client's library what the messages are; the object that the library has for it holds no more, and would load all of it here. */
const WORK_DONE = {} as ProgressType<WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd>;

/** Asks the server to check more than the open files, with progress and a way to stop it; ends with a summary in the output channel. */
export async function check(
  client: BaseLanguageClient,
  kind: CheckParams['kind'],
  uri: vscode.Uri,
  output: vscode.LogOutputChannel,
): Promise<CheckResult | undefined> {
  const what = kind === 'tree' ? vscode.l10n.t('the kernel tree') : vscode.workspace.asRelativePath(uri);
  const options = {
    // Only a notification has a Cancel button; a single file is done before one could press it.
    location: kind === 'file' ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('GFP Lens: checking {0}', what),
    cancellable: true,
  };
  const result = await vscode.window.withProgress(options, async (progress, cancellation) => {
    const workDoneToken = randomWord();
    const forwarding = forwardProgress(client, workDoneToken, progress);
    try {
      return await ask(client, checkQuestion, { kind, uri: uri.toString(), workDoneToken }, cancellation);
    } catch (error) {
      if (cancellation.isCancellationRequested) return undefined;
      throw error;
    } finally {
      forwarding.dispose();
    }
  });
  if (result === undefined || result.cancelled) output.info(`check of ${what} cancelled`);
  if (result !== undefined) output.info(`${what}: ${result.findings} findings in ${result.files} files\n${result.summary}`);
  return result;
}

/** Percentages of the protocol are totals, those of VS Code are increments. */
export function forwardProgress(
  client: BaseLanguageClient,
  token: string,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): vscode.Disposable {
  let shown = 0;
  return client.onProgress(WORK_DONE, token, (value) => {
    if (value.kind === 'end') return;
    const percentage = value.percentage ?? shown;
    progress.report({ increment: percentage - shown, ...(value.message === undefined ? {} : { message: value.message }) });
    shown = percentage;
  });
}
