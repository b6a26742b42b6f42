import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { assistQuestion } from '../../server/src/protocol/assist';
import { ask } from './ask';

const PREFIX = 'gfpLens_';

/** What the chat shows while a tool runs. */
const RUNNING: Readonly<Record<string, () => string>> = {
  decode_mask: () => vscode.l10n.t('Decoding a GFP mask'),
  explain_log: () => vscode.l10n.t('Explaining an allocation failure'),
  check: () => vscode.l10n.t('Checking kernel C'),
  explain_finding: () => vscode.l10n.t('Explaining a finding'),
};

/**
 * The tools that language models of the editor can use: those of `gfp-lens mcp`, answered by the server from the open folders. They read, and change nothing, so nobody
 * is asked before they run.
 */
export function registerAssistTools(client: () => Promise<BaseLanguageClient>): vscode.Disposable {
  // Editors that are made from VS Code may have no language models.
  if (typeof vscode.lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  const tools = Object.entries(RUNNING).map(([tool, running]) =>
    vscode.lm.registerTool<object>(`${PREFIX}${tool}`, {
      prepareInvocation: () => ({ invocationMessage: running() }),
      invoke: async ({ input }, token) => {
        const answer = await ask(await client(), assistQuestion, { tool, input }, token);
        if ('error' in answer) throw new Error(answer.error);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answer.text)]);
      },
    }),
  );
  return vscode.Disposable.from(...tools);
}
