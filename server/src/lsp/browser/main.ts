import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { version } from '../../../../package.json';
import { type FileTexts, fileTextsNotice, wantedFilesNotice } from '../../protocol/files';
import { SentFiles } from '../sentFiles';
import { LanguageServer } from '../server';

/** The language server in a worker of a browser: it answers the messages of the page or worker that started it. */
const port = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0] &
  ConstructorParameters<typeof BrowserMessageWriter>[0];
const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(port), new BrowserMessageWriter(port));
const files = new SentFiles((uris) => {
  connection.sendNotification(wantedFilesNotice.method, { uris }).catch(() => undefined);
});
const server = new LanguageServer(connection, { files, pageUri: () => undefined, version });
connection.onNotification(fileTextsNotice.method, (params: FileTexts) => {
  if (files.sent(params)) server.filesArrived();
});
server.listen();
