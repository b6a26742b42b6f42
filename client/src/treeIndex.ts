import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { indexQuestion } from '../../server/src/protocol/treeIndex';
import { ask } from './ask';
import { forwardProgress } from './check';
import { randomWord } from './randomWord';

/** Asks the server to read the whole kernel tree around a file, with progress and a way to stop it. */
export async function indexTree(client: BaseLanguageClient, uri: vscode.Uri, output: vscode.LogOutputChannel): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('GFP Lens: reading the kernel tree'),
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (progress, cancellation) => {
    const workDoneToken = randomWord();
    const forwarding = forwardProgress(client, workDoneToken, progress);
    try {
      const { message } = await ask(client, indexQuestion, { uri: uri.toString(), workDoneToken }, cancellation);
      output.info(message);
    } catch (error) {
      if (!cancellation.isCancellationRequested) throw error;
      output.info('reading the kernel tree was stopped');
    } finally {
      forwarding.dispose();
    }
  });
}
