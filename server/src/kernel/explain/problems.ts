import type { MaskProblem } from './explanation';
import type { FlagBits } from './flagBits';
import type { Request } from './request';

type Check = (request: Request) => MaskProblem | undefined;

type Flag = readonly [name: string, key: keyof FlagBits];

const ZONES: readonly Flag[] = [
  ['__GFP_DMA', 'dma'],
  ['__GFP_HIGHMEM', 'highmem'],
  ['__GFP_DMA32', 'dma32'],
];
const RETRIES: readonly Flag[] = [
  ['__GFP_NORETRY', 'noretry'],
  ['__GFP_RETRY_MAYFAIL', 'retryMayfail'],
  ['__GFP_REPEAT', 'repeat'],
  ['__GFP_NOFAIL', 'nofail'],
];
/** Flags slab refuses (GFP_SLAB_BUG_MASK, mm/internal.h). */
const NOT_FOR_SLAB: readonly Flag[] = [
  ['__GFP_HIGHMEM', 'highmem'],
  ['__GFP_DMA32', 'dma32'],
];

function present(request: Request, flags: readonly Flag[]): string[] {
  const names: string[] = [];
  for (const [name, key] of flags) if (request.has(request.flags[key])) names.push(name);
  return names;
}

const both = (request: Request, one: keyof FlagBits, other: keyof FlagBits) =>
  request.has(request.flags[one]) && request.has(request.flags[other]);

const CHECKS: readonly Check[] = [
  (request) => {
    const zones = present(request, ZONES);
    if (zones.length < 2) return undefined;
    return {
      rule: 'zone-conflict',
      severity: 'error',
      message: `${zones.join(' and ')} exclude each other: the zone table rejects them, the lowest zone is used`,
    };
  },
  (request) => {
    const retries = present(request, RETRIES);
    if (retries.length < 2) return undefined;
    return { rule: 'conflicting-flags', severity: 'warning', message: `${retries.join(' and ')} are different retry policies: use one` };
  },
  (request) => {
    if (!both(request, 'memalloc', 'nomemalloc')) return undefined;
    return { rule: 'conflicting-flags', severity: 'warning', message: '__GFP_NOMEMALLOC overrides __GFP_MEMALLOC' };
  },
  (request) => {
    if (!both(request, 'movable', 'reclaimable')) return undefined;
    return {
      rule: 'conflicting-flags',
      severity: 'warning',
      message: '__GFP_RECLAIMABLE and __GFP_MOVABLE are different mobility types: the kernel warns',
    };
  },
  (request) => {
    if (!both(request, 'atomic', 'directReclaim') || request.model.behaviour.reserves !== 'atomic-flag') return undefined;
    return {
      rule: 'conflicting-flags',
      severity: 'warning',
      message: '__GFP_ATOMIC with direct reclaim: the slow path warns and drops __GFP_ATOMIC, so the flag opens no reserve',
    };
  },
  (request) => {
    if (!request.has(request.flags.nofail) || request.mayBlock) return undefined;
    const silent = request.model.behaviour.nofail.nowarnSilences && request.has(request.flags.nowarn);
    return {
      rule: 'nofail-cannot-block',
      severity: 'error',
      message: `__GFP_NOFAIL needs direct reclaim: without it the kernel ${silent ? '' : 'warns and '}may return NULL`,
    };
  },
  (request) => {
    const above = request.model.behaviour.nofail.warnAboveOrder;
    if (!request.has(request.flags.nofail) || above === undefined || request.order <= above) return undefined;
    return {
      rule: 'nofail-high-order',
      severity: 'warning',
      message: `this kernel warns about __GFP_NOFAIL above order ${above}; asked for order ${request.order}`,
    };
  },
  (request) => {
    const { maxPageOrder } = request.model.limits;
    if (request.order <= maxPageOrder) return undefined;
    return {
      rule: 'order-too-large',
      severity: 'error',
      message: `order ${request.order} can never succeed: the largest is ${maxPageOrder}`,
    };
  },
  (request) => {
    if (!request.mayBlock || !request.inInterrupt) return undefined;
    return {
      rule: 'sleep-in-atomic',
      severity: 'error',
      message: 'the mask may sleep, which is forbidden in interrupt context: use GFP_ATOMIC',
    };
  },
];

/** What is wrong with the request. Size and unknown bits are judged by the caller's arguments. */
export function problemsOf(request: Request, size: number | undefined, unknownBits: number): MaskProblem[] {
  const found: MaskProblem[] = [];
  for (const check of CHECKS) {
    const problem = check(request);
    if (problem !== undefined) found.push(problem);
  }
  if (unknownBits !== 0) {
    found.push({
      rule: 'private-flag',
      severity: 'warning',
      message: `0x${unknownBits.toString(16)}: no flag of ${request.model.label} has these bits; the mask may come from another release or configuration`,
    });
  }
  return size === undefined ? found : [...found, ...sizeProblems(request, size)];
}

function sizeProblems(request: Request, size: number): MaskProblem[] {
  const { limits, behaviour } = request.model;
  const refused = present(request, NOT_FOR_SLAB);
  const slab: MaskProblem[] = refused.map((name) => ({
    rule: 'invalid-for-slab',
    severity: 'error',
    message:
      behaviour.slabBadFlags === 'bug'
        ? `${name} is not allowed for kmalloc(): the kernel stops`
        : `${name} is not allowed for kmalloc(): the kernel warns and drops it`,
  }));
  if (size <= limits.kmallocMax) return slab;
  return [
    ...slab,
    {
      rule: 'order-too-large',
      severity: 'error',
      message: `kmalloc() of ${size} bytes can never succeed: the limit is ${limits.kmallocMax}`,
    },
  ];
}
