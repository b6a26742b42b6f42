import type { PathStep } from './explanation';
import { killerBar } from './oomKiller';
import { canCompact, type Request } from './request';
import type { ReserveAccess } from './reserve';
import { type SourceNames, sourceNames } from './sourceNames';

/** The events a request goes through, in their order, until it succeeds or ends (mm/page_alloc.c: __alloc_pages_slowpath()). */
export function slowPath(request: Request, reserve: ReserveAccess, scoped: string | undefined): PathStep[] {
  const where = sourceNames(request.model.release);
  const { maxPageOrder } = request.model.limits;
  if (request.order > maxPageOrder) return [orderCheck(request, where)];
  const steps: PathStep[] = [
    ...interruptStep(request, where),
    ...(scoped === undefined
      ? []
      : [{ step: 'scope', outcome: `the task's memalloc scope makes it ${scoped.replaceAll('|', ' | ')}`, source: where.scope }]),
    { step: 'fast path', outcome: 'takes a free page while the zone stays above its low watermark', source: where.entry },
    ...sanityChecks(request, where),
    kswapdStep(request, where),
    { step: 'retry with reserves', outcome: reserveWords(reserve), ...reserveReason(request), source: where.allocFlags },
    ...entitlementStep(request, reserve, where),
  ];
  const compactsLast = request.model.behaviour.compactsFirst === 'all';
  if (!compactsLast) steps.push(...compactionFirst(request, reserve, where));
  if (!request.mayBlock) return [...steps, ...withoutReclaim(request, reserve, where)];
  if (request.in('memalloc')) {
    const outcome = 'refused: the task is already reclaiming';
    return [...steps, { step: 'direct reclaim', outcome, why: 'PF_MEMALLOC', source: where.slowPath }, ...ending(request, where)];
  }
  if (compactsLast) steps.push(...compactionFirst(request, reserve, where));
  return [...steps, ...reclaimRound(request, where), ...afterReclaim(request, where)];
}

/** What of the interrupted task counts: its scopes do, the rest is asked for with in_task(), in_interrupt(), and in_serving_softirq(). */
function interruptStep(request: Request, where: SourceNames): PathStep[] {
  if (!request.inInterrupt) return [];
  const hard = request.in('hardirq');
  const outcome = `${hard ? "the interrupted task's PF_MEMALLOC, " : "the interrupted task's "}real-time priority and choice by the OOM killer do not count`;
  return [{ step: 'context', outcome, why: hard ? 'hard interrupt' : 'softirq', source: where.allocFlags }];
}

function orderCheck(request: Request, where: SourceNames): PathStep {
  const quiet = request.has(request.flags.nowarn);
  return {
    step: 'order check',
    outcome: `order ${request.order} is above the maximum of ${request.model.limits.maxPageOrder}: NULL, ${quiet ? 'silently' : 'with a warning'}`,
    ...(quiet && { why: '__GFP_NOWARN' }),
    source: request.model.behaviour.checksOrderFirst ? where.entry : where.slowPath,
  };
}

/** Warnings about masks that contradict themselves. */
function sanityChecks(request: Request, where: SourceNames): PathStep[] {
  const { flags } = request;
  const { behaviour } = request.model;
  const steps: PathStep[] = [];
  if (behaviour.reserves === 'atomic-flag' && request.mayBlock && request.has(flags.atomic)) {
    const outcome = 'warns once and drops __GFP_ATOMIC, which then opens no reserve';
    steps.push({ step: 'sanity check', outcome, why: '__GFP_ATOMIC with __GFP_DIRECT_RECLAIM', source: where.slowPath });
  }
  if (!request.has(flags.nofail)) return steps;
  const above = behaviour.nofail.warnAboveOrder;
  const quiet = behaviour.nofail.nowarnSilences && request.has(flags.nowarn);
  const reasons = [
    ...(above !== undefined && request.order > above ? [`order > ${above}`] : []),
    ...(!request.mayBlock && !quiet ? ['no __GFP_DIRECT_RECLAIM'] : []),
    ...(request.in('memalloc') ? ['PF_MEMALLOC'] : []),
  ];
  if (reasons.length > 0)
    steps.push({ step: 'sanity check', outcome: 'warns once', why: `__GFP_NOFAIL with ${reasons.join(', ')}`, source: where.slowPath });
  return steps;
}

function kswapdStep(request: Request, where: SourceNames): PathStep {
  const wakes = request.has(request.flags.kswapdReclaim);
  return {
    step: 'kswapd',
    outcome: wakes ? 'woken to reclaim in the background' : 'not woken',
    why: wakes ? '__GFP_KSWAPD_RECLAIM' : 'no __GFP_KSWAPD_RECLAIM',
    source: where.kswapd,
  };
}

function reserveWords(reserve: ReserveAccess): string {
  const extra = reserve.highatomic ? ', and may take high-atomic page blocks' : '';
  if (reserve.noWatermarks || reserve.entitlement !== undefined) return `as any other request${extra}`;
  if (reserve.floor === 1) return `down to the min watermark, no reserve${extra}`;
  return `down to ${reserve.floor * 100} % of the min watermark${extra}`;
}

function reserveReason(request: Request): { why?: string } {
  const { flags } = request;
  const byBlocking = request.model.behaviour.reserves === 'non-blocking';
  const reasons: string[] = [];
  if (request.has(flags.high)) reasons.push('__GFP_HIGH');
  if (byBlocking && !request.mayBlock) reasons.push('no __GFP_DIRECT_RECLAIM');
  if (!byBlocking && request.has(flags.atomic) && !request.mayBlock) reasons.push('__GFP_ATOMIC');
  else if (request.in('rt') && !request.inInterrupt && (!byBlocking || request.mayBlock)) reasons.push('real-time task');
  if (request.has(flags.nomemalloc) && reasons.length > 0) reasons.push('less for __GFP_NOMEMALLOC');
  return reasons.length === 0 ? {} : { why: reasons.join(', ') };
}

function entitlementStep(request: Request, reserve: ReserveAccess, where: SourceNames): PathStep[] {
  if (reserve.entitlement === undefined) return [];
  const outcome = reserve.noWatermarks ? 'takes any free page: watermarks are ignored' : 'down to 50 % of the min watermark';
  const why = request.has(request.flags.memalloc) ? '__GFP_MEMALLOC' : request.in('memalloc') ? 'PF_MEMALLOC' : 'OOM victim';
  return [{ step: 'emergency reserve', outcome, why, source: where.entitlement }];
}

function withoutReclaim(request: Request, reserve: ReserveAccess, where: SourceNames): PathStep[] {
  const lastResort =
    request.model.behaviour.highatomicOrderZero &&
    request.order === 0 &&
    reserve.entitlement === undefined &&
    !request.has(request.flags.nomemalloc)
      ? [{ step: 'last resort', outcome: 'a page of a high-atomic block', why: 'order 0, cannot block', source: where.freelist }]
      : [];
  return [
    ...lastResort,
    { step: 'direct reclaim', outcome: 'not allowed: the request ends here', why: 'no __GFP_DIRECT_RECLAIM', source: where.slowPath },
    ...ending(request, where),
  ];
}

function compactionFirst(request: Request, reserve: ReserveAccess, where: SourceNames): PathStep[] {
  const { flags } = request;
  const { compactsFirst, noretryGivesUp, retryLoop } = request.model.behaviour;
  if (!request.mayBlock || !canCompact(request) || reserve.noWatermarks) return [];
  const unmovable = compactsFirst === 'costly-and-unmovable' && !request.has(flags.movable);
  if (!request.costly && !unmovable && compactsFirst !== 'all') return [];
  const noretry = request.costly && request.has(flags.noretry) && retryLoop === 'rounds';
  const when = noretryGivesUp === 'deferred' ? 'was put off recently' : 'was put off recently or has too few free pages';
  const bound = noretryGivesUp === 'node-bound' && request.has(flags.thisnode);
  const outcome = 'moves pages to build a block, before any reclaim';
  return [
    {
      step: 'first compaction',
      outcome: !noretry ? outcome : bound ? `${outcome}; then gives up` : `${outcome}; gives up when compaction ${when}`,
      why: noretry
        ? `__GFP_NORETRY${bound ? ', __GFP_THISNODE' : ''}`
        : request.costly
          ? `order > ${request.model.limits.costlyOrder}`
          : 'order > 0',
      source: where.compact,
    },
  ];
}

function reclaimRound(request: Request, where: SourceNames): PathStep[] {
  const { flags } = request;
  const [outcome, why] = request.has(flags.fs)
    ? ['the caller reclaims memory, sleeping; may write pages and call into filesystems', '__GFP_FS']
    : request.has(flags.io)
      ? ['the caller reclaims memory, sleeping; may start I/O, calls into no filesystem', '__GFP_IO, no __GFP_FS']
      : ['the caller reclaims memory, sleeping; starts no I/O, takes clean pages only', 'no __GFP_IO'];
  const reclaim = { step: 'direct reclaim', outcome, why, source: where.reclaim };
  if (request.order === 0) return [reclaim];
  if (canCompact(request))
    return [reclaim, { step: 'compaction', outcome: `moves pages to build a block of order ${request.order}`, source: where.compact }];
  const reason = request.machine.compaction ? 'no __GFP_IO' : 'CONFIG_COMPACTION=n';
  return [reclaim, { step: 'compaction', outcome: 'not possible', why: reason, source: where.compact }];
}

function afterReclaim(request: Request, where: SourceNames): PathStep[] {
  const { flags } = request;
  const { costlyOrder } = request.model.limits;
  const givesUp = (why: string): PathStep[] => [
    { step: 'retry', outcome: 'none: one round of reclaim only', why, source: where.slowPath },
    ...ending(request, where),
  ];
  if (request.has(flags.noretry)) return givesUp('__GFP_NORETRY');
  if (request.costly && !request.retriesHard) return givesUp(`order > ${costlyOrder}, no ${retryFlag(request)}`);
  if (request.costly && request.model.behaviour.compactionNeedsIo && !canCompact(request))
    return givesUp(`order > ${costlyOrder}, no compaction`);
  return [...retrySteps(request, where), ...killerSteps(request, where), ...ending(request, where)];
}

function retryFlag(request: Request): string {
  return request.model.behaviour.retryMayFail ? '__GFP_RETRY_MAYFAIL' : '__GFP_REPEAT';
}

function retrySteps(request: Request, where: SourceNames): PathStep[] {
  const why = request.costly ? retryFlag(request) : `order <= ${request.model.limits.costlyOrder}`;
  if (request.model.behaviour.retryLoop === 'pages-reclaimed') {
    const outcome = request.costly ? 'until as many pages are reclaimed as the block has' : 'as long as reclaim makes progress';
    return [{ step: 'retry', outcome, why, source: where.retry }];
  }
  const counted = request.costly ? 'up to 16 rounds' : 'up to 16 rounds without progress; progress starts the count again';
  const compaction = {
    step: 'compaction retry',
    outcome: `up to ${request.costly ? 4 : 16} more tries, each more thorough`,
    source: where.compactRetry,
  };
  return [
    { step: 'retry', outcome: `${counted}, while reclaimable memory would suffice`, why, source: where.retry },
    ...(canCompact(request) ? [compaction] : []),
  ];
}

function killerSteps(request: Request, where: SourceNames): PathStep[] {
  const bar = killerBar(request);
  const words = bar === undefined ? 'kills a task, then tries again' : bar.words;
  return [{ step: 'OOM killer', outcome: words, ...(bar !== undefined && { why: bar.why }), source: where.killer }];
}

function ending(request: Request, where: SourceNames): PathStep[] {
  const { flags } = request;
  if (request.has(flags.nofail) && request.mayBlock) {
    const outcome = 'starts over for ever, with access to a part of the reserve';
    return [{ step: 'no failure', outcome, why: '__GFP_NOFAIL', source: where.slowPath }];
  }
  if (request.has(flags.nowarn)) return [{ step: 'failure', outcome: 'NULL, no report', why: '__GFP_NOWARN', source: where.report }];
  return [{ step: 'failure', outcome: 'NULL, reported as "page allocation failure" (rate limited)', source: where.report }];
}
