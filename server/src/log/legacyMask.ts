/**
 * Flag numbers of kernels before 4.4 (include/linux/gfp.h of 2.6.32 to 4.3), which the release tables do not reach, in today's names. Until 4.3 one
 * bit, __GFP_WAIT, allowed sleeping; a request without it was treated like GFP_ATOMIC, and kswapd was woken unless __GFP_NO_KSWAPD was set
 * (gfp_to_alloc_flags() in mm/page_alloc.c).
 */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, '__GFP_DMA'],
  [0x2, '__GFP_HIGHMEM'],
  [0x4, '__GFP_DMA32'],
  [0x8, '__GFP_MOVABLE'],
  [0x20, '__GFP_HIGH'],
  [0x40, '__GFP_IO'],
  [0x80, '__GFP_FS'],
  [0x100, '__GFP_COLD'],
  [0x200, '__GFP_NOWARN'],
  [0x400, '__GFP_REPEAT'],
  [0x800, '__GFP_NOFAIL'],
  [0x1000, '__GFP_NORETRY'],
  [0x2000, '__GFP_MEMALLOC'],
  [0x4000, '__GFP_COMP'],
  [0x8000, '__GFP_ZERO'],
  [0x10000, '__GFP_NOMEMALLOC'],
  [0x20000, '__GFP_HARDWALL'],
  [0x40000, '__GFP_THISNODE'],
  [0x80000, '__GFP_RECLAIMABLE'],
  [0x200000, '__GFP_NOTRACK'],
  [0x1000000, '__GFP_WRITE'],
];
const WAIT = 0x10;
const NO_KSWAPD = 0x400000;

/** The flags of a number printed by a kernel before 4.4. */
export function legacyFlags(number: number): readonly string[] {
  const names = FLAGS.filter(([bit]) => (number & bit) !== 0).map(([, name]) => name);
  if ((number & NO_KSWAPD) === 0) names.push('__GFP_KSWAPD_RECLAIM');
  names.push((number & WAIT) === 0 ? '__GFP_ATOMIC' : '__GFP_DIRECT_RECLAIM');
  return names;
}
