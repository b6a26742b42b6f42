import type { AbsentFlag, Release } from './model';
import { formatRelease, isBefore } from './release';

interface Change {
  readonly name: string;
  /** First release that has it; undefined when older than 4.4. */
  readonly added?: readonly [number, number];
  /** First release that does not have it any more. */
  readonly removed?: readonly [number, number];
  readonly successor?: string;
  readonly equivalent?: boolean;
  readonly note: string;
}

/**
 * Names that some kernels from 4.4 on do not have. From include/linux/gfp.h and gfp_types.h of 4.4 to 7.3, and for what went before 4.4 from the
 * changes that removed it.
 */
const CHANGES: readonly Change[] = [
  {
    name: '__GFP_WAIT',
    removed: [4, 4],
    successor: '__GFP_RECLAIM',
    equivalent: true,
    note: 'split into __GFP_DIRECT_RECLAIM (may sleep) and __GFP_KSWAPD_RECLAIM; test it with gfpflags_allow_blocking()',
  },
  { name: '__GFP_NO_KSWAPD', removed: [4, 4], note: 'kswapd is woken by __GFP_KSWAPD_RECLAIM: leave that flag out instead' },
  {
    name: 'GFP_IOFS',
    removed: [4, 4],
    successor: '(__GFP_IO | __GFP_FS)',
    equivalent: true,
    note: 'was short for both flags; GFP_KERNEL is what most callers want',
  },
  {
    name: 'GFP_THISNODE',
    removed: [4, 1],
    successor: '__GFP_THISNODE',
    equivalent: false,
    note: 'also cleared retrying and warnings; __GFP_THISNODE only binds to the node',
  },
  { name: '__GFP_KMEMCG', removed: [3, 16], note: 'kernel memory accounting is asked for with __GFP_ACCOUNT' },
  { name: '__GFP_NOACCOUNT', removed: [4, 5], note: 'accounting became opt-in with __GFP_ACCOUNT: nothing is needed to stay unaccounted' },
  { name: '__GFP_ACCOUNT', added: [4, 5], note: 'opts in to memory cgroup accounting' },
  { name: 'GFP_KERNEL_ACCOUNT', added: [4, 5], note: 'GFP_KERNEL with memory cgroup accounting' },
  { name: 'GFP_TRANSHUGE_LIGHT', added: [4, 8], note: 'huge pages without reclaim' },
  { name: '__GFP_OTHER_NODE', removed: [4, 10], note: 'only changed statistics; drop it' },
  { name: '__GFP_NOLOCKDEP', added: [4, 12], note: 'no lockdep tracking of reclaim' },
  {
    name: '__GFP_REPEAT',
    removed: [4, 13],
    successor: '__GFP_RETRY_MAYFAIL',
    equivalent: false,
    note: 'renamed and widened: works for all orders now and never triggers the OOM killer',
  },
  {
    name: '__GFP_RETRY_MAYFAIL',
    added: [4, 13],
    successor: '__GFP_REPEAT',
    equivalent: false,
    note: 'was __GFP_REPEAT, which had an effect only above order 3',
  },
  {
    name: 'GFP_TEMPORARY',
    removed: [4, 14],
    successor: 'GFP_KERNEL',
    equivalent: false,
    note: 'was GFP_KERNEL | __GFP_RECLAIMABLE; plain GFP_KERNEL replaced it everywhere',
  },
  { name: '__GFP_COLD', removed: [4, 15], note: 'had no effect worth keeping; drop it' },
  { name: '__GFP_NOTRACK', removed: [4, 15], note: 'went with kmemcheck; drop it' },
  { name: '__GFP_NOTRACK_FALSE_POSITIVE', removed: [4, 15], note: 'went with kmemcheck; drop it' },
  { name: '__GFP_ZEROTAGS', added: [5, 14], note: 'zeroes memory tags' },
  {
    name: '__GFP_SKIP_KASAN_POISON',
    added: [5, 14],
    removed: [6, 4],
    successor: '__GFP_SKIP_KASAN',
    equivalent: false,
    note: 'both KASAN flags were merged',
  },
  {
    name: '__GFP_SKIP_KASAN_UNPOISON',
    added: [5, 18],
    removed: [6, 4],
    successor: '__GFP_SKIP_KASAN',
    equivalent: false,
    note: 'both KASAN flags were merged',
  },
  { name: '__GFP_SKIP_ZERO', added: [5, 18], note: 'page zeroing is done elsewhere' },
  { name: '__GFP_SKIP_KASAN', added: [6, 4], note: 'merged from __GFP_SKIP_KASAN_POISON and _UNPOISON' },
  {
    name: '__GFP_ATOMIC',
    removed: [6, 3],
    successor: '__GFP_HIGH',
    equivalent: false,
    note: 'a mask that cannot block is recognised by its missing __GFP_DIRECT_RECLAIM; together with __GFP_HIGH it gets the deep reserve',
  },
  { name: '__GFP_NO_OBJ_EXT', added: [6, 10], removed: [7, 3], note: 'internal to slab' },
];

/** What is known of a name that the kernel of this release does not have. */
export function absentFlag(release: Release, name: string): AbsentFlag | undefined {
  // `___GFP_WAIT` is the number behind `__GFP_WAIT`.
  const plain = name.startsWith('___GFP_') ? name.slice(1) : name;
  const change = CHANGES.find((row) => row.name === plain);
  if (change === undefined) return undefined;
  const removed = change.removed;
  if (removed !== undefined && !isBefore(release, removed[0], removed[1])) {
    return {
      name,
      kind: 'removed',
      release: removed.join('.'),
      successor: change.successor,
      equivalent: change.equivalent ?? false,
      note: change.note,
    };
  }
  const added = change.added;
  if (added !== undefined && isBefore(release, added[0], added[1])) {
    // A successor that itself came later than this kernel would only move the problem.
    const successor = removed === undefined ? change.successor : undefined;
    return { name, kind: 'newer', release: added.join('.'), successor, equivalent: change.equivalent ?? false, note: change.note };
  }
  // The tables say this release has the name, but the tree's own headers do not: a vendor took it out.
  return {
    name,
    kind: 'removed',
    release: formatRelease({ ...release, patch: undefined }),
    successor: undefined,
    equivalent: false,
    note: `not defined in this tree, although ${formatRelease(release)} usually has it`,
  };
}
