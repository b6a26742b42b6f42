import { wordAtEnd } from '../base/words';
import type { Held } from '../facts/site';
import type { SourceFile } from '../syntax/sourceFile';

/** What stands between the two calls tells lockdep which locks reclaim takes (include/linux/sched/mm.h: fs_reclaim_acquire(), 6.12). */
const PRIMED = /\bfs_reclaim_acquire\s*\(([\s\S]{0,600}?)\bfs_reclaim_release\s*\(/g;

/** A call that takes a lock, or says that it might; its lock is the last word before the parenthesis closes. */
const TAKES = /\b\w*lock\w*\s*\(\s*&?([\w.>-]+)\s*\)/g;

const decoder = new TextDecoder('latin1');
const known = new WeakMap<SourceFile, ReadonlySet<string>>();

/** Names of the locks of which a file says that reclaim takes them, as drivers/interconnect/core.c does of icc_bw_lock (6.12). */
function primedLocks(file: SourceFile): ReadonlySet<string> {
  let names = known.get(file);
  if (names === undefined) {
    const text = decoder.decode(file.bytes);
    const primed = text.includes('fs_reclaim_acquire') ? [...text.matchAll(PRIMED)].map(([, between]) => between!) : [];
    names = new Set(primed.flatMap((between) => [...between.matchAll(TAKES)].flatMap(([, lock]) => wordAtEnd(lock!) ?? [])));
    known.set(file, names);
  }
  return names;
}

/** Whoever holds this lock must not wait for reclaim, says the file. */
export function isTakenByReclaim({ instance }: Held, file: SourceFile): boolean {
  const name = wordAtEnd(instance);
  return name !== undefined && primedLocks(file).has(name);
}

/** The file names locks that reclaim takes. */
export function saysWhatReclaimTakes(file: SourceFile): boolean {
  return primedLocks(file).size > 0;
}
