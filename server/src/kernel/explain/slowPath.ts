import type { PathStep } from './explanation';
import { mayKill } from './oomKiller';
import type { Request } from './request';
import type { ReserveAccess } from './reserve';

/** The events a request goes through, in their order, until it succeeds or ends (mm/page_alloc.c: __alloc_pages_slowpath()). */
export function slowPath(request: Request, reserve: ReserveAccess): PathStep[] {
  const { limits } = request.model;
  if (request.order > limits.maxPageOrder) {
    const report = request.has('__GFP_NOWARN') ? 'silently' : 'with a warning';
    return [{ step: 'order check', outcome: `order ${request.order} is above the maximum of ${limits.maxPageOrder}: NULL, ${report}` }];
  }
  const steps: PathStep[] = [
    { step: 'fast path', outcome: 'takes a free page while the zone stays above its low watermark' },
    {
      step: 'kswapd',
      outcome: request.has('__GFP_KSWAPD_RECLAIM') ? 'woken to reclaim in the background' : 'not woken',
    },
    { step: 'retry with reserves', outcome: reserveWords(reserve) },
  ];
  if (!request.mayBlock) return [...steps, ...withoutReclaim(request)];
  if (request.in('memalloc')) {
    return [...steps, { step: 'direct reclaim', outcome: 'refused: the task is already reclaiming (PF_MEMALLOC)' }, ...ending(request)];
  }
  return [...steps, ...compactionFirst(request), ...reclaimRound(request), ...afterReclaim(request)];
}

function reserveWords(reserve: ReserveAccess): string {
  if (reserve.noWatermarks) return 'ignores all watermarks';
  const extra = reserve.highatomic ? ', and may take high-atomic page blocks' : '';
  if (reserve.floor === 1) return `down to the min watermark, no reserve${extra}`;
  return `down to ${reserve.floor * 100} % of the min watermark${extra}`;
}

function withoutReclaim(request: Request): PathStep[] {
  const step = { step: 'direct reclaim', outcome: 'not allowed: the request gives up here' };
  return [step, ...ending(request)];
}

function canCompact(request: Request): boolean {
  return request.order > 0 && (!request.model.behaviour.compactionNeedsIo || request.has('__GFP_IO'));
}

function compactionFirst(request: Request): PathStep[] {
  const loop = request.model.behaviour.retryLoop;
  if (!canCompact(request) || loop === 'pages-reclaimed') return [];
  const early = request.costly || (request.order > 0 && !request.has('__GFP_MOVABLE'));
  if (!early) return [];
  const outcome =
    request.costly && request.has('__GFP_NORETRY')
      ? 'tries to free a block by moving pages; __GFP_NORETRY gives up when that was put off recently'
      : 'tries to free a block by moving pages before any reclaim';
  return [{ step: 'direct compaction', outcome }];
}

function reclaimRound(request: Request): PathStep[] {
  const how = request.has('__GFP_FS')
    ? 'the caller reclaims memory, sleeping; may write pages and call into filesystems'
    : request.has('__GFP_IO')
      ? 'the caller reclaims memory, sleeping; may start I/O, does not call into filesystems'
      : 'the caller reclaims memory, sleeping; starts no I/O, takes clean pages only';
  const compaction = canCompact(request) ? [{ step: 'compaction', outcome: `moves pages to build a block of order ${request.order}` }] : [];
  const blocked =
    request.order > 0 && !canCompact(request) ? [{ step: 'compaction', outcome: 'not possible: this kernel needs __GFP_IO for it' }] : [];
  return [{ step: 'direct reclaim', outcome: how }, ...compaction, ...blocked];
}

function afterReclaim(request: Request): PathStep[] {
  if (request.has('__GFP_NORETRY')) return [{ step: 'retry', outcome: 'none: __GFP_NORETRY gives up after one round' }, ...ending(request)];
  const noCompaction = request.model.behaviour.compactionNeedsIo && request.costly && !request.has('__GFP_IO');
  if (request.costly && (!request.retriesHard || noCompaction)) {
    return [
      { step: 'retry', outcome: `none: order ${request.order} is above ${request.model.limits.costlyOrder}, one round only` },
      ...ending(request),
    ];
  }
  const rounds =
    request.model.behaviour.retryLoop === 'pages-reclaimed'
      ? 'as long as reclaim makes progress'
      : `up to 16 rounds without progress${request.costly ? '' : ', progress starts the count again'}`;
  return [{ step: 'retry', outcome: rounds }, { step: 'OOM killer', outcome: killerWords(request) }, ...ending(request)];
}

function killerWords(request: Request): string {
  if (mayKill(request)) return 'kills a task, then tries again';
  if (request.retriesHard || request.costly) return 'not called: the request fails instead';
  if (request.has('__GFP_THISNODE')) return 'not called for a request bound to one node';
  if (!request.has('__GFP_FS')) return 'not called without __GFP_FS; counts as progress, so the request loops';
  return 'not called for a request limited to a low zone';
}

function ending(request: Request): PathStep[] {
  if (request.has('__GFP_NOFAIL') && request.mayBlock)
    return [{ step: 'no failure', outcome: 'starts over for ever, with access to the reserve' }];
  const report = request.has('__GFP_NOWARN') ? 'NULL, no report' : 'NULL, reported as "page allocation failure" (rate limited)';
  return [{ step: 'failure', outcome: report }];
}

/** Whether NULL is possible, and when, in one sentence. */
export function failureOf(request: Request, reserve: ReserveAccess): { readonly canFail: boolean; readonly failure: string } {
  const { limits } = request.model;
  if (request.order > limits.maxPageOrder)
    return { canFail: true, failure: `always: order ${request.order} is above the maximum of ${limits.maxPageOrder}` };
  if (request.has('__GFP_NOFAIL')) {
    if (!request.mayBlock) {
      return {
        canFail: true,
        failure: `as soon as free memory is below ${floorWords(reserve)}: __GFP_NOFAIL means nothing without direct reclaim`,
      };
    }
    return { canFail: false, failure: 'never NULL: retries for ever' };
  }
  if (!request.mayBlock) return { canFail: true, failure: `as soon as free memory is below ${floorWords(reserve)}` };
  if (request.in('memalloc')) return { canFail: true, failure: 'when memory is used up: the task cannot reclaim recursively' };
  if (request.has('__GFP_NORETRY')) return { canFail: true, failure: 'after one round of reclaim' };
  if (request.model.behaviour.retryMayFail && request.retriesHard)
    return { canFail: true, failure: 'after many rounds of reclaim without progress; never kills a task' };
  if (request.costly) {
    const hint = request.retriesHard ? 'when reclaim makes no more progress' : 'after one round of reclaim and compaction';
    return { canFail: true, failure: `${hint}: order ${request.order} is above ${limits.costlyOrder}` };
  }
  if (request.has('__GFP_THISNODE')) return { canFail: true, failure: 'when the node has no memory left: no fallback, no OOM killer' };
  return { canFail: true, failure: 'practically never: up to order 3 the allocator keeps trying; only a task being OOM-killed gets NULL' };
}

function floorWords(reserve: ReserveAccess): string {
  if (reserve.noWatermarks) return 'what is physically there (watermarks are ignored)';
  return reserve.floor === 1 ? 'the min watermark' : `${reserve.floor * 100} % of the min watermark`;
}
