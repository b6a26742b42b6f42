import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from '../server';
import { indexThreads } from './indexThread';
import { nodeFiles } from './nodeFiles';
import { uriOfPath } from './uris';

/** Folders above the program in which the manual pages may lie: the bundle is in dist/, the sources are deeper. */
const LEVELS = 5;

/**
 * Starts the language server on the transport that the arguments name (`--stdio`, `--node-ipc`, `--socket=N`,
 * `--pipe=NAME`). Throws when they name none. The process ends with the client.
 *
 * @param programFolder where the running program lies, to find the manual pages beside it
 */
export function startServer(programFolder: string, version: string): void {
  const connection = createConnection(ProposedFeatures.all);
  const pages = findPages(programFolder);
  const pageUri = (rule: string): string | undefined => {
    const path = pages === undefined ? undefined : join(pages, `${rule}.md`);
    return path !== undefined && existsSync(path) ? uriOfPath(path) : undefined;
  };
  new LanguageServer(connection, { files: nodeFiles(), pageUri, version, index: indexThreads(programFolder) }).listen();
}

function findPages(programFolder: string): string | undefined {
  let at = programFolder;
  for (let level = 0; level < LEVELS; level++) {
    const folder = join(at, 'docs', 'rules');
    if (existsSync(folder)) return folder;
    at = dirname(at);
  }
  return undefined;
}
