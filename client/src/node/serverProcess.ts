import type * as vscode from 'vscode';
import { type BaseLanguageClient, LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { SENDS_FILES } from '../../../server/src/protocol/files';
import { clientOptions } from '../languageClient';
import { sendWantedFiles } from '../sentFiles';

/** A client whose server runs in a process of its own. `serverModule`: absolute path of the bundled server. */
export function clientOfProcess(
  serverModule: string,
  output: vscode.LogOutputChannel,
  onGivenUp: (reason: string) => void,
): BaseLanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc, args: [SENDS_FILES] };
  const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  const client = new LanguageClient('gfpLens', 'GFP Lens', { run, debug }, clientOptions(output, onGivenUp));
  sendWantedFiles(client);
  return client;
}
