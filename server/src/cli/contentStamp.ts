import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import type { FileStamp } from '../program/cache/fileStamp';

/** Checksum of bytes: tells texts apart, keeps nobody out. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

export function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): FileStamp {
  return { size, modified: mtimeMs, changed: ctimeMs, inode: ino };
}

/** Undefined when there is no such file. */
export function stampOfFile(path: string): FileStamp | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true ? stampOf(stat) : undefined;
  } catch {
    return undefined;
  }
}
