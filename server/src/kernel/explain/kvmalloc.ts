import type { Request } from './request';

/** What kvmalloc() does with a request. */
export interface KvmallocPlan {
  /** Lattice bits of the first, physically contiguous try. */
  readonly firstTry: number;
  /** Goes to vmalloc when that fails. */
  readonly fallsBack: boolean;
}

const INT_MAX = 0x7fffffff;
/** Until 4.12 __GFP_REPEAT kept its retries only above this many bytes (32 KiB with pages of 4 KiB: PAGE_SIZE << PAGE_ALLOC_COSTLY_ORDER). */
const repeatAbove = (request: Request) => request.model.limits.pageSize << request.model.limits.costlyOrder;

/**
 * First try and fallback of kvmalloc() (kvmalloc_node() in mm/util.c, from 6.15 on in mm/slub.c). Undefined where the kernel has none (before 4.12).
 *
 * @param size bytes.
 */
export function kvmallocPlan(request: Request, size: number): KvmallocPlan | undefined {
  const { kvmalloc } = request.model.behaviour;
  const { flags, bits, model } = request;
  if (!kvmalloc.exists) return undefined;
  const kernel = model.flags.bitsOf('GFP_KERNEL');
  const plain = kvmalloc.masks === 'kernel-or-plain' && (bits & kernel) !== kernel;
  if (plain || size <= model.limits.pageSize) return { firstTry: bits, fallsBack: false };
  const blocked = !request.mayBlock && !kvmalloc.fallsBackNonBlocking;
  const tooLarge = kvmalloc.sizeLimit && size > INT_MAX;
  let firstTry = bits | flags.nowarn;
  if (kvmalloc.firstTry === 'repeat') {
    if (!request.has(flags.repeat) || size <= repeatAbove(request)) firstTry |= flags.noretry;
  } else if (!request.has(flags.retryMayfail)) {
    firstTry = kvmalloc.firstTry === 'noretry' ? firstTry | flags.noretry : firstTry & ~flags.directReclaim;
  }
  if (kvmalloc.dropsNofail) firstTry &= ~flags.nofail;
  return { firstTry, fallsBack: !blocked && !tooLarge };
}
