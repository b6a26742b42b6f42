import type { AllocatorBehaviour } from './model';
import type { TreeReader } from './treeReader';

/**
 * What the tree's own allocator says about the points that stable and vendor kernels back-port. A file that is missing or reads differently
 * leaves the release's answer.
 */
export function treeBehaviour(files: TreeReader, release: AllocatorBehaviour): AllocatorBehaviour {
  const internal = files.read('mm/internal.h');
  const allocator = files.read('mm/page_alloc.c');
  const gfp = files.read('include/linux/gfp.h');
  return {
    ...release,
    ...(internal === undefined || allocator === undefined ? {} : reserves(internal, allocator)),
    ...(gfp === undefined ? {} : { compactionNeedsIo: gfp.includes('gfp_compaction_allowed') }),
  };
}

function reserves(internal: string, allocator: string): Partial<AllocatorBehaviour> {
  if (!/define\s+ALLOC_NON_BLOCK\b/.test(internal)) {
    return /define\s+ALLOC_HARDER\b/.test(internal) ? { reserves: 'atomic-flag', highatomic: 'harder', highatomicOrderZero: false } : {};
  }
  const highatomic = /if\s*\(\s*order\s*>\s*0([^;]*?)\)\s*alloc_flags\s*\|=\s*ALLOC_HIGHATOMIC/.exec(allocator);
  return {
    reserves: 'non-blocking',
    ...(highatomic === null ? {} : { highatomic: highatomic[1]!.includes('ALLOC_MIN_RESERVE') ? 'non-blocking-high' : 'non-blocking' }),
    highatomicOrderZero: /ALLOC_OOM\s*\|\s*ALLOC_NON_BLOCK/.test(allocator),
  };
}
