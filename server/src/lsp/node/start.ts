import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { type FileTexts, fileTextsNotice, SENDS_FILES, wantedFilesNotice } from '../../protocol/files';
import type { Files } from '../files';
import type { Platform } from '../platform';
import { SentFiles } from '../sentFiles';
import { LanguageServer } from '../server';
import { indexThreads } from './indexThread';
import { nodeFiles } from './nodeFiles';
import { uriOfPath } from './uris';
import { withVirtualFiles } from './virtualFiles';

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
  const platform = { pageUri, version, index: indexThreads(programFolder) };
  if (process.argv.includes(SENDS_FILES)) listenWithSentFiles(connection, platform);
  else new LanguageServer(connection, { ...platform, files: nodeFiles() }).listen();
}

/** For an editor that can open folders of which this machine knows nothing, and sends the files of those. */
function listenWithSentFiles(connection: Connection, platform: Omit<Platform, 'files'>): void {
  const sent = new SentFiles((uris) => {
    connection.sendNotification(wantedFilesNotice.method, { uris }).catch(() => undefined);
  });
  const files: Files = withVirtualFiles(nodeFiles(), sent);
  const server = new LanguageServer(connection, { ...platform, files });
  connection.onNotification(fileTextsNotice.method, (params: FileTexts) => {
    if (sent.sent(params)) server.filesArrived();
  });
  server.listen();
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
