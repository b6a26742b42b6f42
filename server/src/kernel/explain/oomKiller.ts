import type { Request } from './request';
import { zoneOf } from './zone';

/**
 * Whether the request may end in killing a task (__alloc_pages_may_oom() in mm/page_alloc.c, out_of_memory() in mm/oom_kill.c). Until 4.10
 * __GFP_NOFAIL overrode the conditions, until 4.13 still the one about __GFP_FS.
 */
export function mayKill(request: Request): boolean {
  if (!request.mayBlock || request.in('memalloc') || request.has('__GFP_MEMALLOC')) return false;
  if (request.has('__GFP_NORETRY')) return false;
  const { oomOverride } = request.model.behaviour.nofail;
  const nofail = request.has('__GFP_NOFAIL');
  if (nofail && oomOverride === 'all') return true;
  if (request.costly || request.has('__GFP_THISNODE')) return false;
  if (request.model.behaviour.retryMayFail && request.retriesHard) return false;
  const { zone } = zoneOf(request);
  if (zone === 'DMA' || zone === 'DMA32') return false;
  return request.has('__GFP_FS') || (nofail && oomOverride === 'fs');
}
