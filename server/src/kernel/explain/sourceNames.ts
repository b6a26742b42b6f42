import type { Release } from '../model';
import { isBefore } from '../release';

/** Where the steps of an allocation are in the source of one release. */
export interface SourceNames {
  readonly scope: string;
  readonly entry: string;
  readonly slowPath: string;
  readonly freelist: string;
  readonly kswapd: string;
  readonly allocFlags: string;
  readonly entitlement: string;
  readonly compact: string;
  readonly reclaim: string;
  readonly retry: string;
  readonly compactRetry: string;
  readonly killer: string;
  readonly report: string;
}

/** Functions of mm/page_alloc.c by release: the renames of 4.7 (retry), 4.9 (report), 4.12 (scopes), 4.14 (OOM victims), 5.13, 6.10 and 6.14 (entry), 7.3 (flags). */
export function sourceNames(release: Release): SourceNames {
  const before = (major: number, minor: number) => isBefore(release, major, minor);
  const slowPath = inPageAlloc('__alloc_pages_slowpath');
  return {
    scope: before(4, 12) ? 'include/linux/sched.h: memalloc_noio_flags()' : 'include/linux/sched/mm.h: current_gfp_context()',
    entry: inPageAlloc(entryName(before)),
    slowPath,
    freelist: inPageAlloc('get_page_from_freelist'),
    kswapd: inPageAlloc('wake_all_kswapds'),
    allocFlags: inPageAlloc(before(7, 3) ? 'gfp_to_alloc_flags' : 'alloc_flags_slowpath'),
    entitlement: inPageAlloc(before(4, 14) ? 'gfp_pfmemalloc_allowed' : '__gfp_pfmemalloc_flags'),
    compact: inPageAlloc('__alloc_pages_direct_compact'),
    reclaim: inPageAlloc('__alloc_pages_direct_reclaim'),
    retry: before(4, 7) ? slowPath : inPageAlloc('should_reclaim_retry'),
    compactRetry: before(4, 7) ? slowPath : inPageAlloc('should_compact_retry'),
    killer: inPageAlloc('__alloc_pages_may_oom'),
    report: inPageAlloc(before(4, 9) ? 'warn_alloc_failed' : 'warn_alloc'),
  };
}

function entryName(before: (major: number, minor: number) => boolean): string {
  if (before(5, 13)) return '__alloc_pages_nodemask';
  if (before(6, 10)) return '__alloc_pages';
  return before(6, 14) ? '__alloc_pages_noprof' : '__alloc_frozen_pages_noprof';
}

function inPageAlloc(name: string): string {
  return `mm/page_alloc.c: ${name}()`;
}
