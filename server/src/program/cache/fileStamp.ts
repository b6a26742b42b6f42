/** What tells, without reading a file, that it is the one that was read. Times in milliseconds, as exact as the system has them. */
export interface FileStamp {
  readonly size: number;
  readonly modified: number;
  /** Last change of content, name or owner: unlike `modified` nobody can set it back. */
  readonly changed: number;
  readonly inode: number;
}

/** File systems keep times in steps of up to two seconds (FAT), and the clock of a server may be behind. */
const STEP_MS = 3000;

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** Whether a later change of the file would show in its stamp: one within the same step of the clock as the last would not. */
export function isSettled({ modified, changed }: FileStamp, now: number): boolean {
  return Math.max(modified, changed) < now - STEP_MS;
}
