import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from './server';

/**
 * Starts the language server on the transport that the arguments name (`--stdio`, `--node-ipc`, `--socket=N`,
 * `--pipe=NAME`). Throws when they name none. The process ends with the client.
 */
export function startServer(programFolder: string, version: string): void {
  const connection = createConnection(ProposedFeatures.all);
  new LanguageServer(connection, programFolder, version).listen();
}
