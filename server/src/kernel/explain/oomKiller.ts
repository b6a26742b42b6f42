import type { Request } from './request';
import { zoneOf } from './zone';

/** Why a request never makes the OOM killer run; undefined when it may. */
export interface KillerBar {
  /** The flag or condition, as the source names it. */
  readonly why: string;
  readonly words: string;
}

/**
 * What keeps a request from killing a task (__alloc_pages_may_oom() in mm/page_alloc.c, out_of_memory() in mm/oom_kill.c). Until 4.10 __GFP_NOFAIL overrode
 * the conditions, until 4.13 still the one about __GFP_FS.
 */
export function killerBar(request: Request): KillerBar | undefined {
  const { flags } = request;
  if (!request.mayBlock) return { why: 'no __GFP_DIRECT_RECLAIM', words: 'never reached' };
  if (request.in('memalloc')) return { why: 'PF_MEMALLOC', words: 'never reached' };
  if (request.has(flags.noretry)) return { why: '__GFP_NORETRY', words: 'never reached' };
  const { oomOverride } = request.model.behaviour.nofail;
  const nofail = request.has(flags.nofail);
  if (nofail && oomOverride === 'all') return undefined;
  if (request.costly)
    return { why: `order > ${request.model.limits.costlyOrder}`, words: 'not called: killing a task does not make large blocks' };
  if (request.has(flags.retryMayfail)) return { why: '__GFP_RETRY_MAYFAIL', words: 'not called: the caller has a fallback' };
  if (request.has(flags.thisnode)) return { why: '__GFP_THISNODE', words: 'not called: it may free nothing on that node' };
  const { zone } = zoneOf(request);
  if (zone === 'DMA' || zone === 'DMA32') return { why: `zone ${zone}`, words: 'not called for a request limited to a low zone' };
  if (request.has(flags.fs) || (nofail && oomOverride === 'fs')) return undefined;
  return { why: 'no __GFP_FS', words: 'kills nothing, but counts as progress: the request keeps trying' };
}

/** Whether the request may end in killing a task. */
export function mayKill(request: Request): boolean {
  return killerBar(request) === undefined;
}
