import type { FailureKind } from './record';

/** What a kind of record is called, in the words of the kernel where it has some. */
export const TITLES: Readonly<Record<FailureKind, string>> = {
  page: 'page allocation failure',
  vmalloc: 'vmalloc failure',
  slab: 'slab allocation failure',
  oom: 'OOM killer',
  sleep: 'sleeping function called from invalid context',
  'atomic-schedule': 'scheduling while atomic',
  lockdep: 'lock report',
  memory: 'memory report',
  state: 'state of the machine',
  events: 'trace events',
};

/** The kinds for which a verdict says why no memory was found. */
export function hasVerdict(kind: FailureKind): boolean {
  return kind === 'page' || kind === 'oom' || kind === 'vmalloc' || kind === 'slab';
}
