import * as vscode from 'vscode';
import { type BaseLanguageClient, LanguageClient } from 'vscode-languageclient/browser';
import { clientOptions } from '../languageClient';
import { sendWantedFiles } from '../sentFiles';

/** Of browsers; the rest of the project knows only the types of Node.js. */
declare const Worker: new (address: string, options: { readonly name: string }) => object;

/** A client whose server runs in a worker. `script`: the bundled server. */
export function clientOfWorker(
  script: vscode.Uri,
  output: vscode.LogOutputChannel,
  onGivenUp: (reason: string) => void,
): BaseLanguageClient {
  const client = new LanguageClient('gfpLens', 'GFP Lens', () => startWorker(script), clientOptions(output, onGivenUp));
  sendWantedFiles(client);
  return client;
}

/** The extension may lie in a file system that workers cannot load from: the script goes in as a text. */
async function startWorker(script: vscode.Uri): Promise<object> {
  const text = await vscode.workspace.fs.readFile(script);
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(address, { name: 'GFP Lens' });
  } finally {
    // The worker has taken its script by the time of the first turn of the loop.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
