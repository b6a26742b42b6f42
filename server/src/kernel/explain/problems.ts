import type { KernelModel } from '../model';
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
  (request) => {
    const { preemptRt } = request.machine;
    if (!request.in('hardirq') || preemptRt === false || (preemptRt === undefined && !request.in('rt'))) return undefined;
    const why = 'the allocator takes locks that sleep, so no mask is allowed in hard interrupt context: allocate before, or in a thread';
    return preemptRt === true
      ? { rule: 'rt-raw-context', severity: 'warning', message: `PREEMPT_RT: ${why}` }
      : { rule: 'rt-raw-context', severity: 'info', message: `if this kernel is built with PREEMPT_RT, ${why}` };
  },
];

const JUDGED: readonly (keyof FlagBits)[] = [
  ...[...ZONES, ...RETRIES].map(([, key]) => key),
  'memalloc',
  'nomemalloc',
  'movable',
  'reclaimable',
  'atomic',
  'directReclaim',
  'nowarn',
];

/** Verdicts of one kernel by what they rest on: a million questions have few different ones. */
interface Verdicts {
  /** Lattice bits of the flags that the checks look at. */
  readonly judged: number;
  readonly known: Map<number, readonly MaskProblem[]>;
}

const verdicts = new WeakMap<KernelModel, Verdicts>();
const MOST_VERDICTS = 1 << 15;
/** More than any order (16) with the kinds of context that {@link contextKey} tells apart. */
const REST = 128;

function contextKey(request: Request): number {
  if (!request.inInterrupt) return 0;
  return !request.in('hardirq') ? 1 : request.in('rt') ? 3 : 2;
}

function verdictsOf(request: Request): Verdicts {
  const ready = verdicts.get(request.model);
  if (ready !== undefined) return ready;
  const made = { judged: JUDGED.reduce((bits, key) => bits | request.flags[key], 0), known: new Map() };
  verdicts.set(request.model, made);
  return made;
}

function checked(request: Request): readonly MaskProblem[] {
  const { judged, known } = verdictsOf(request);
  const { order, model } = request;
  const above = Math.min(model.behaviour.nofail.warnAboveOrder ?? model.limits.maxPageOrder, model.limits.maxPageOrder);
  const key = ((request.bits & judged) >>> 0) * REST + (order > above ? order * 4 : 0) + contextKey(request);
  const ready = known.get(key);
  if (ready !== undefined) return ready;
  const found: MaskProblem[] = [];
  for (const check of CHECKS) {
    const problem = check(request);
    if (problem !== undefined) found.push(problem);
  }
  if (known.size >= MOST_VERDICTS) known.clear();
  known.set(key, found);
  return found;
}

/** What is wrong with the request. Size and unknown bits are judged by the caller's arguments. */
export function problemsOf(request: Request, size: number | undefined, unknownBits: number): readonly MaskProblem[] {
  const found = checked(request);
  const unknown = unknownBits === 0 ? [] : [unknownBitsProblem(request.model, unknownBits)];
  if (size !== undefined) return [...found, ...unknown, ...sizeProblems(request, size)];
  return unknown.length === 0 ? found : [...found, ...unknown];
}

function unknownBitsProblem(model: KernelModel, unknownBits: number): MaskProblem {
  return {
    rule: 'private-flag',
    severity: 'warning',
    message: `0x${unknownBits.toString(16)}: no flag of ${model.label} has these bits; the mask may come from another release or configuration`,
  };
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
