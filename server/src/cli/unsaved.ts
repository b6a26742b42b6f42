import { closeSync, lstatSync, readSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { openRegular } from './readRegular';

/** Where the first block of a Vim swap file says whether the buffer has unsaved changes, and the byte it says so with. */
const DIRTY_OFFSET = 1007;
const DIRTY = 0x55;

/**
 * The editor that holds unsaved changes of a file, as far as editors tell: Emacs by a lock beside the file, Vim and Neovim by their swap
 * files. Writing such a file would make the user choose between our changes and his.
 */
export function editorWithChanges(path: string): string | undefined {
  if (lstatSync(join(dirname(path), `.#${basename(path)}`), { throwIfNoEntry: false })?.isSymbolicLink() === true) return 'Emacs';
  if (isDirty(join(dirname(path), `.${basename(path)}.swp`))) return 'Vim';
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return isDirty(join(state, 'nvim', 'swap', `${path.replaceAll('/', '%')}.swp`)) ? 'Neovim' : undefined;
}

function isDirty(swapFile: string): boolean {
  let file: number | undefined;
  try {
    file = openRegular(swapFile);
    const flag = Buffer.alloc(1);
    return readSync(file, flag, 0, 1, DIRTY_OFFSET) === 1 && flag[0] === DIRTY;
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
