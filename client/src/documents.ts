import * as vscode from 'vscode';

/** Kernel logs, wherever they are: pasted text too. */
export const LOGS: vscode.DocumentFilter = { language: 'kernel-log' };

/**
 * C files, and headers: those are C in a kernel tree even where VS Code takes them for C++. Only files that somebody edits: on disk, unsaved, or in the file
 * systems of the open folders, but not the other side of a comparison.
 */
export function sources(): vscode.DocumentFilter[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set(['file', 'untitled', ...folders])].flatMap((scheme) => [
    { scheme, language: 'c' },
    { scheme, language: 'cpp', pattern: '**/*.h' },
  ]);
}
