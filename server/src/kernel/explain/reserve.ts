import { isEnabled } from '../config';
import type { Request } from './request';
import { migratetypeOf } from './zone';

export interface ReserveAccess {
  /** Names of the allocator's flags, sorted. */
  readonly allocFlags: readonly string[];
  /** The part of the min watermark that must stay free. */
  readonly floor: number;
  /** May take high-atomic page blocks (order > 0). */
  readonly highatomic: boolean;
  readonly cma: boolean;
  /** Entitled to ignore all watermarks. */
  readonly noWatermarks: boolean;
}

/** How deep a request may go below the min watermark (gfp_to_alloc_flags(), __gfp_pfmemalloc_flags(), __zone_watermark_ok() in mm/page_alloc.c). */
export function reserveAccess(request: Request): ReserveAccess {
  const flags = request.model.behaviour.reserves === 'non-blocking' ? flagsByBlocking(request) : flagsByAtomicBit(request);
  if (request.model.behaviour.kswapdAllocFlag && request.has('__GFP_KSWAPD_RECLAIM')) flags.add('ALLOC_KSWAPD');
  const cma = migratetypeOf(request) === 'Movable' && (isEnabled(request.model.config, 'CONFIG_CMA') ?? true);
  if (cma) flags.add('ALLOC_CMA');
  const noWatermarks = ignoresWatermarks(request);
  return {
    allocFlags: [...flags].sort(),
    floor: noWatermarks ? 0 : floorOf(flags),
    highatomic: flags.has('ALLOC_HIGHATOMIC') || (flags.has('ALLOC_HARDER') && request.order > 0),
    cma,
    noWatermarks,
  };
}

/** 6.3 and later, and stable kernels with the same change: being unable to block counts. */
function flagsByBlocking(request: Request): Set<string> {
  const flags = new Set(['ALLOC_CPUSET']);
  const high = request.has('__GFP_HIGH');
  if (high) flags.add('ALLOC_MIN_RESERVE');
  if (request.mayBlock) {
    if (request.in('rt') && !request.inInterrupt) flags.add('ALLOC_MIN_RESERVE');
    return flags;
  }
  if (!request.has('__GFP_NOMEMALLOC')) {
    flags.add('ALLOC_NON_BLOCK');
    const needsHigh = request.model.behaviour.highatomic === 'non-blocking-high';
    if (request.order > 0 && (high || !needsHigh)) flags.add('ALLOC_HIGHATOMIC');
  }
  if (high) flags.delete('ALLOC_CPUSET');
  return flags;
}

/** Until 6.2: the bit __GFP_ATOMIC counts. With direct reclaim it is dropped with a warning. */
function flagsByAtomicBit(request: Request): Set<string> {
  const flags = new Set(['ALLOC_CPUSET']);
  if (request.has('__GFP_HIGH')) flags.add('ALLOC_HIGH');
  if (request.has('__GFP_ATOMIC') && !request.mayBlock) {
    if (!request.has('__GFP_NOMEMALLOC')) flags.add('ALLOC_HARDER');
    flags.delete('ALLOC_CPUSET');
  } else if (request.in('rt') && !request.inInterrupt) {
    flags.add('ALLOC_HARDER');
  }
  return flags;
}

function ignoresWatermarks(request: Request): boolean {
  if (request.has('__GFP_NOMEMALLOC')) return false;
  return request.has('__GFP_MEMALLOC') || (request.in('memalloc') && !request.in('hardirq'));
}

function floorOf(flags: ReadonlySet<string>): number {
  if (flags.has('ALLOC_MIN_RESERVE')) return flags.has('ALLOC_NON_BLOCK') ? 0.375 : 0.5;
  const half = flags.has('ALLOC_HIGH') ? 0.5 : 1;
  return flags.has('ALLOC_HARDER') ? half * 0.75 : half;
}
