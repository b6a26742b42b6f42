import { chmodSync, chownSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file's new content. */
export interface Replacement {
  readonly path: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Replaces the contents of files as wholes: readers see the old text or the new one, also after a crash. Keeps mode and owner. Throws what the file system throws;
 * then all files are as they were before.
 */
export function replaceFiles(files: readonly Replacement[]): void {
  const prepared: { readonly temporary: string; readonly file: Replacement }[] = [];
  const replaced: Replacement[] = [];
  try {
    for (const file of files) {
      const temporary = temporaryFor(file.path);
      prepared.push({ temporary, file });
      write(temporary, file.path, file.after);
    }
    for (const { temporary, file } of prepared) {
      renameSync(temporary, file.path);
      replaced.push(file);
    }
  } catch (error) {
    for (const { temporary } of prepared) rmSync(temporary, { force: true });
    for (const { path, before } of replaced) write(path, path, before, 'w');
    throw error;
  }
}

function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.gfp-lens-${process.pid}`);
}

function write(to: string, like: string, bytes: Uint8Array, flag = 'wx'): void {
  writeFileSync(to, bytes, { flush: true, flag });
  const old = statSync(like, { throwIfNoEntry: false });
  if (old !== undefined && to !== like) takeOver(to, old);
}

/** The same for one file, of which no old text needs to be kept. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  replaceFiles([{ path, before: new Uint8Array(), after: bytes }]);
}

/** Only the superuser may give a file to somebody else; everybody else owns what he may rename over, or shares its group. */
function takeOver(path: string, { uid, gid, mode }: Stats): void {
  const mine = statSync(path);
  if (mine.uid !== uid || mine.gid !== gid) {
    try {
      chownSync(path, uid, gid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    }
  }
  chmodSync(path, mode & 0o7777);
}
