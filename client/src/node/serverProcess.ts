import type * as vscode from 'vscode';
import { type BaseLanguageClient, LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { clientOptions } from '../languageClient';

/** A client whose server runs in a process of its own. `serverModule`: absolute path of the bundled server. */
export function clientOfProcess(
  serverModule: string,
  output: vscode.LogOutputChannel,
  onGivenUp: (reason: string) => void,
): BaseLanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc };
  const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  return new LanguageClient('gfpLens', 'GFP Lens', { run, debug }, clientOptions(output, onGivenUp));
}
