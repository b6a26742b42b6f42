import { chmodSync, chownSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file's content as a whole: readers see the old text or the new one, also after a crash. Keeps mode and owner.
 * Throws what the file system throws; the old file is untouched then.
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = join(dirname(path), `.${basename(path)}.gfp-lens-${process.pid}`);
  try {
    writeFileSync(temporary, bytes, { flush: true, flag: 'wx' });
    const old = statSync(path, { throwIfNoEntry: false });
    if (old !== undefined) takeOver(temporary, old);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
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
