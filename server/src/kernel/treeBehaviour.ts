import { functionBody, withoutComments } from './functionText';
import type { AllocatorBehaviour } from './model';
import type { TreeReader } from './treeReader';

/**
 * What the tree's own allocator says about the points that stable and vendor kernels back-port: which flags feed which reserves, what scopes make of a
 * mask, and what kvmalloc() and vmalloc() accept. A file that is missing or reads differently leaves the release's answer.
 */
export function treeBehaviour(files: TreeReader, release: AllocatorBehaviour): AllocatorBehaviour {
  const internal = files.read('mm/page_alloc.h') ?? files.read('mm/internal.h');
  const allocator = files.read('mm/page_alloc.c');
  const gfp = files.read('include/linux/gfp.h');
  return {
    ...release,
    ...(internal === undefined || allocator === undefined ? {} : reserves(internal, allocator)),
    ...(allocator === undefined ? {} : { nofail: nofail(allocator, release.nofail) }),
    ...(gfp === undefined ? {} : { compactionNeedsIo: gfp.includes('gfp_compaction_allowed') }),
    scopes: scopes(files, release.scopes),
    kvmalloc: kvmalloc(files, release.kvmalloc),
    vmalloc: vmalloc(files, release.vmalloc),
  };
}

function reserves(internal: string, allocator: string): Partial<AllocatorBehaviour> {
  const oom = /define\s+ALLOC_OOM\b/.test(internal) ? { oomVictim: 'half' as const } : {};
  if (!/define\s+ALLOC_NON_BLOCK\b/.test(internal)) {
    return /define\s+ALLOC_HARDER\b/.test(internal)
      ? { ...oom, reserves: 'atomic-flag', highatomic: 'harder', highatomicOrderZero: false }
      : oom;
  }
  const rule = functionBody(allocator, 'alloc_flags_nonblocking') ?? allocator;
  const highatomic = /if\s*\(\s*order\s*>\s*0([^;]*?)\)\s*(?:alloc_)?flags\s*\|=\s*ALLOC_HIGHATOMIC/.exec(rule);
  return {
    ...oom,
    reserves: 'non-blocking',
    ...(highatomic === null
      ? {}
      : { highatomic: /ALLOC_MIN_RESERVE|__GFP_HIGH\b/.test(highatomic[1]!) ? 'non-blocking-high' : 'non-blocking' }),
    highatomicOrderZero: /ALLOC_OOM\s*\|\s*ALLOC_NON_BLOCK/.test(allocator),
  };
}

/** The order above which __GFP_NOFAIL is warned about: WARN_ON_ONCE() of an order in the functions that look at the flag. */
function nofail(allocator: string, release: AllocatorBehaviour['nofail']): AllocatorBehaviour['nofail'] {
  const slowPath = functionBody(allocator, '__alloc_pages_slowpath');
  // Trees before 6.0 warn in places that only some orders come by.
  if (slowPath === undefined || release.warnAboveOrder === 3) return release;
  const places = [slowPath, functionBody(allocator, 'rmqueue', 'buffered_rmqueue') ?? ''];
  const warnings = places
    .filter((body) => /nofail/i.test(body))
    .map((body) => /WARN_ON_ONCE\([^;]*\border > (\d+)\b[^;]*;/.exec(body)?.[1]);
  const above = warnings.find((order) => order !== undefined);
  return { ...release, warnAboveOrder: above === undefined ? undefined : Number(above) };
}

function scopes(files: TreeReader, release: AllocatorBehaviour['scopes']): AllocatorBehaviour['scopes'] {
  const header = files.read('include/linux/sched/mm.h');
  const body = header === undefined ? undefined : functionBody(header, 'current_gfp_context');
  if (body === undefined) return release;
  const clears = (scope: string, flag: string) =>
    new RegExp(`\\b${scope}\\b[^;{]*\\)\\s*flags\\s*&=\\s*~\\(?[^;]*\\b${flag}\\b`).test(body);
  return {
    nofs: clears('PF_MEMALLOC_NOFS', '__GFP_FS'),
    pin: clears('PF_MEMALLOC_PIN', '__GFP_MOVABLE'),
    nocma: clears('PF_MEMALLOC_NOCMA', '__GFP_MOVABLE'),
    noreclaim: clears('PF_MEMALLOC_NORECLAIM', '__GFP_DIRECT_RECLAIM'),
  };
}

type Kvmalloc = AllocatorBehaviour['kvmalloc'];

/** kvmalloc() with the helper that makes the mask of its first try: in mm/util.c, later in mm/slub.c. */
function kvmalloc(files: TreeReader, release: Kvmalloc): Kvmalloc {
  for (const path of ['mm/util.c', 'mm/slub.c']) {
    const source = files.read(path);
    const body = source === undefined ? undefined : functionBody(source, '__kvmalloc_node_noprof', '__kvmalloc_node', 'kvmalloc_node');
    if (body !== undefined) return kvmallocRules(`${body}\n${functionBody(source!, 'kmalloc_gfp_adjust') ?? ''}`, release);
  }
  return release;
}

function kvmallocRules(body: string, release: Kvmalloc): Kvmalloc {
  const onlyKernel = /flags\s*&\s*GFP_KERNEL\s*\)\s*!=\s*GFP_KERNEL/.test(body);
  const refusesNonBlocking = /!\s*gfpflags_allow_blocking\(\s*flags\s*\)\s*\)\s*return\s+NULL/.test(body);
  return {
    exists: true,
    masks: onlyKernel
      ? /WARN_ON_ONCE\([^;]*GFP_KERNEL/.test(body)
        ? 'kernel-warn'
        : 'kernel-or-plain'
      : refusesNonBlocking
        ? 'blocking'
        : release.masks === 'any'
          ? 'any'
          : 'blocking',
    firstTry: /__GFP_REPEAT\b/.test(body) ? 'repeat' : /&=\s*~\s*__GFP_DIRECT_RECLAIM/.test(body) ? 'no-direct-reclaim' : 'noretry',
    dropsNofail: /&=\s*~\s*__GFP_NOFAIL/.test(body),
    fallsBackNonBlocking: !refusesNonBlocking,
    sizeLimit: /\bINT_MAX\b/.test(body),
  };
}

/** The list of masks that vmalloc() takes (6.19 and later, and trees with the same change). */
function vmalloc(files: TreeReader, release: AllocatorBehaviour['vmalloc']): AllocatorBehaviour['vmalloc'] {
  const source = files.read('mm/vmalloc.c');
  const list = source === undefined ? null : /^[ \t]*#[ \t]*define[ \t]+GFP_VMALLOC_SUPPORTED\b((?:[^\n]*\\\n)*[^\n]*)/m.exec(source);
  if (list === null) return release;
  const whitelist: readonly string[] = withoutComments(list[1]!).match(/\b_*GFP_\w+/g) ?? [];
  return { ...release, masks: 'whitelist', nofail: release.nofail || whitelist.includes('__GFP_NOFAIL'), whitelist };
}
