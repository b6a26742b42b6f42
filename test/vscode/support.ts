import * as vscode from 'vscode';

const PATIENCE_MS = 30_000;

/** Asks again until the answer is defined; providers answer with "Canceled" while others are being registered. */
export async function eventually<T>(what: string, ask: () => T | undefined | PromiseLike<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: nothing within ${PATIENCE_MS / 1000} s${last === undefined ? '' : `, last ${String(last)}`}`);
}

export function sampleUri(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('the sample folder is not open');
  return vscode.Uri.joinPath(folder.uri, path);
}

export async function open(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(sampleUri(path)));
}

/** Where `text` begins, behind the first occurrence of `after`. */
export function positionOf(document: vscode.TextDocument, text: string, after: string): vscode.Position {
  const start = document.getText().indexOf(after);
  const offset = start < 0 ? -1 : document.getText().indexOf(text, start);
  if (offset < 0) throw new Error(`no ${text} behind ${after} in ${document.fileName}`);
  return document.positionAt(offset);
}

export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

export function findings(uri: vscode.Uri, rule: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => ruleOf(diagnostic) === rule);
}

/** The findings of a rule once there is at least one. */
export function awaitFindings(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic[]> {
  return eventually(`findings of ${rule}`, () => {
    const found = findings(uri, rule);
    return found.length > 0 ? found : undefined;
  });
}

export function hoverText(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}
