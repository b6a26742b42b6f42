import { type FileStamp, isSettled, sameStamp } from './fileStamp';
import type { LinkageRef, TreeState } from './treeState';

/** A tree as it is now. Paths are relative to its root. */
export interface Listing {
  /** The files that are to be checked. */
  readonly files: ReadonlyMap<string, FileStamp>;
  /** Names of all files of the tree that others may include, one a line. */
  readonly names: string;
  /** A file that is not to be checked; undefined when there is none. */
  readonly stampOf: (path: string) => FileStamp | undefined;
  /** Checksum of a file's content; undefined when it cannot be read. */
  readonly hashOf: (path: string) => string | undefined;
  /** When it was made, in milliseconds like the times of stamps. */
  readonly at: number;
}

/** What {@link validate} found to be different. */
export interface Changes {
  /** Linkage of the files that are to be looked at again, as it was. */
  readonly previous: ReadonlyMap<string, LinkageRef>;
  /** Something differs, if only stamps. */
  readonly isStale: boolean;
}

/**
 * Takes out of the state what does not hold any more: all about files that changed, and what was found in files that rest on headers that did
 * or whose includes may lead elsewhere since files came or went.
 */
export function validate<F>(state: TreeState<F>, listing: Listing): Changes {
  const { changed, restamped } = findChanged(state, listing);
  const rewired = new Set<string>();
  if (state.names !== listing.names) {
    const { came, gone } = difference(state.names, listing.names);
    for (const path of state.includes.includersOf([...came, ...gone])) rewired.add(path);
    for (const path of gone) if (state.records.has(path)) changed.add(path);
    for (const program of state.programs.values()) program.current = false;
  }
  const resting =
    changed.size + rewired.size === 0 || state.records.size === 0 ? [] : state.includes.askersReaching([...changed, ...rewired]);
  const previous = new Map<string, LinkageRef>();
  for (const path of [...changed, ...resting]) {
    const linkage = state.records.get(path)?.outcome?.linkage;
    if (linkage) previous.set(path, linkage);
  }
  for (const path of rewired) state.includes.forget(path);
  for (const path of resting) state.reset(path);
  for (const path of changed) state.drop(path);
  const isStale = restamped || changed.size > 0 || state.names !== listing.names;
  state.names = listing.names;
  return { previous, isStale };
}

function findChanged<F>(state: TreeState<F>, { files, stampOf, hashOf, at }: Listing): { changed: Set<string>; restamped: boolean } {
  const changed = new Set<string>();
  let restamped = false;
  for (const path of files.keys()) if (!state.records.has(path)) changed.add(path);
  for (const [path, record] of state.records) {
    const isAsked = files.has(path);
    if (!isAsked && !record.included) continue;
    const stamp = isAsked ? files.get(path) : stampOf(path);
    if (stamp !== undefined && record.stamp !== undefined && record.settled && sameStamp(stamp, record.stamp)) continue;
    if (stamp === undefined || record.hash === '' || record.hash !== hashOf(path)) {
      changed.add(path);
      continue;
    }
    const settled = isSettled(stamp, at);
    restamped ||= settled !== record.settled || record.stamp === undefined || !sameStamp(stamp, record.stamp);
    state.records.set(path, { ...record, stamp, settled });
  }
  return { changed, restamped };
}

function difference(before: string, after: string): { came: readonly string[]; gone: readonly string[] } {
  const [old, now] = [before, after].map((names) => new Set(names === '' ? [] : names.split('\n'))) as [Set<string>, Set<string>];
  return { came: [...now].filter((name) => !old.has(name)), gone: [...old].filter((name) => !now.has(name)) };
}
