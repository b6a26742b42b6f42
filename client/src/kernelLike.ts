import * as vscode from 'vscode';

/** Folders above a file in which the tree's Makefile is looked for. */
const LEVELS = 16;
const HEAD = 64 * 1024;

/**
 * Whether a document has to do with the kernel: a kernel log does, and a C file that includes `<linux/…>`, or lies in a tree whose Makefile is a kernel's. Only then, or when the user wants all C
 * files, the server is started.
 */
export async function isKernelLike(document: vscode.TextDocument): Promise<boolean> {
  if (document.languageId === 'kernel-log') return true;
  const enable = vscode.workspace.getConfiguration('gfpLens', document.uri).get<string>('enable');
  if (enable === 'always') return true;
  if (enable === 'never') return false;
  const head = document.getText(new vscode.Range(0, 0, 400, 0)).slice(0, HEAD);
  return /^[ \t]*#[ \t]*include[ \t]*<linux\//m.test(head) || (await liesInKernelTree(document.uri));
}

async function liesInKernelTree(uri: vscode.Uri): Promise<boolean> {
  // Elsewhere than on disk every question may cost a request: no further up than the open folder.
  const top = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (uri.scheme !== 'file' && top === undefined) return false;
  let folder = vscode.Uri.joinPath(uri, '..');
  for (let level = 0; level < LEVELS; level++) {
    if (await isKernelMakefile(vscode.Uri.joinPath(folder, 'Makefile'))) return true;
    if (uri.scheme !== 'file' && folder.path === top?.path) return false;
    const above = vscode.Uri.joinPath(folder, '..');
    if (above.path === folder.path) return false;
    folder = above;
  }
  return false;
}

async function isKernelMakefile(uri: vscode.Uri): Promise<boolean> {
  try {
    const text = new TextDecoder().decode((await vscode.workspace.fs.readFile(uri)).subarray(0, HEAD));
    return /^VERSION\s*=/m.test(text) && /^PATCHLEVEL\s*=/m.test(text) && /^SUBLEVEL\s*=/m.test(text);
  } catch {
    return false;
  }
}
