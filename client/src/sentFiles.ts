import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type FileTexts, fileTextsNotice, type WantedFiles, wantedFilesNotice } from '../../server/src/protocol/files';

/** Larger files are not sent, bytes. */
const MAX_FILE = 2 << 20;

/** Sends the server the files of the open folders that it asks for: in a browser, and in a virtual workspace, only the editor can read them. */
export function sendWantedFiles(client: BaseLanguageClient): void {
  client.onNotification(wantedFilesNotice.method, async ({ uris }: WantedFiles) => {
    const files = await Promise.all(uris.map(async (uri) => ({ uri, text: await read(vscode.Uri.parse(uri)) })));
    await client.sendNotification(fileTextsNotice.method, { files } satisfies FileTexts);
  });
}

async function read(uri: vscode.Uri): Promise<string | null> {
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return null;
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length <= MAX_FILE ? new TextDecoder().decode(bytes) : null;
  } catch {
    return null;
  }
}
