import { chooser } from './lists';
import type { Request } from './request';
import { migratetypeOf } from './zone';

export interface ReserveAccess {
  /** Names of the allocator's flags, sorted. */
  readonly allocFlags: readonly string[];
  /** What replaces them on the retries of a request that is entitled to more. */
  readonly entitlement: 'ALLOC_NO_WATERMARKS' | 'ALLOC_OOM' | undefined;
  /** The part of the min watermark that must stay free. */
  readonly floor: number;
  /** May take high-atomic page blocks (order > 0). */
  readonly highatomic: boolean;
  readonly cma: boolean;
  /** Entitled to ignore all watermarks. */
  readonly noWatermarks: boolean;
}

/** The allocator's flags that decide about reserves, before they are named. */
interface ReserveFlags {
  readonly cpuset: boolean;
  /** ALLOC_HIGH, from 6.3 on ALLOC_MIN_RESERVE. */
  readonly high: boolean;
  /** ALLOC_HARDER, from 6.3 on ALLOC_NON_BLOCK. */
  readonly harder: boolean;
  readonly highatomic: boolean;
}

/** How deep a request may go below the min watermark (gfp_to_alloc_flags(), __gfp_pfmemalloc_flags(), __zone_watermark_ok() in mm/page_alloc.c). */
export function reserveAccess(request: Request): ReserveAccess {
  const { behaviour } = request.model;
  const byBlocking = behaviour.reserves === 'non-blocking';
  const flags = byBlocking ? flagsByBlocking(request) : flagsByAtomicBit(request);
  const cma = request.machine.cma && migratetypeOf(request) === 'Movable';
  const entitlement = entitlementOf(request);
  const noWatermarks = entitlement === 'ALLOC_NO_WATERMARKS';
  return {
    allocFlags: allocFlagNames(request, flags, cma, noWatermarks && behaviour.entitlementAmongFlags),
    entitlement,
    floor: noWatermarks ? 0 : entitlement === 'ALLOC_OOM' ? 0.5 : byBlocking ? floorByBlocking(flags) : floorByAtomicBit(flags),
    highatomic: byBlocking ? flags.highatomic : flags.harder && request.order > 0,
    cma,
    noWatermarks,
  };
}

/** 6.3 and later, and stable kernels with the same change: being unable to block counts. */
function flagsByBlocking(request: Request): ReserveFlags {
  const { flags, order } = request;
  const high = request.has(flags.high);
  if (request.mayBlock) return { cpuset: true, high: high || (request.in('rt') && !request.inInterrupt), harder: false, highatomic: false };
  const harder = !request.has(flags.nomemalloc);
  const needsHigh = request.model.behaviour.highatomic === 'non-blocking-high';
  return { cpuset: !high, high, harder, highatomic: harder && order > 0 && (high || !needsHigh) };
}

/** Until 6.2: the bit __GFP_ATOMIC counts. */
function flagsByAtomicBit(request: Request): ReserveFlags {
  const { flags } = request;
  const atomic = request.has(flags.atomic);
  const harder = atomic ? !request.has(flags.nomemalloc) : request.in('rt') && !request.inInterrupt;
  return { cpuset: !atomic, high: request.has(flags.high), harder, highatomic: false };
}

const chosenAllocFlags = chooser([
  'ALLOC_CMA',
  'ALLOC_CPUSET',
  'ALLOC_HARDER',
  'ALLOC_HIGH',
  'ALLOC_HIGHATOMIC',
  'ALLOC_KSWAPD',
  'ALLOC_MIN_RESERVE',
  'ALLOC_NON_BLOCK',
  'ALLOC_NO_WATERMARKS',
]);

function allocFlagNames(request: Request, flags: ReserveFlags, cma: boolean, noWatermarks: boolean): readonly string[] {
  const byBlocking = request.model.behaviour.reserves === 'non-blocking';
  const kswapd = request.model.behaviour.kswapdAllocFlag && request.has(request.flags.kswapdReclaim);
  let chosen = (cma ? 1 : 0) | (flags.cpuset ? 2 : 0) | (flags.highatomic ? 16 : 0) | (kswapd ? 32 : 0) | (noWatermarks ? 256 : 0);
  if (flags.harder) chosen |= byBlocking ? 128 : 4;
  if (flags.high) chosen |= byBlocking ? 64 : 8;
  return chosenAllocFlags(chosen);
}

/** What a task or mask that frees memory is entitled to; __GFP_NOMEMALLOC overrides all of it. */
function entitlementOf(request: Request): ReserveAccess['entitlement'] {
  if (request.has(request.flags.nomemalloc)) return undefined;
  if (request.has(request.flags.memalloc)) return 'ALLOC_NO_WATERMARKS';
  if (request.in('memalloc') && !request.in('hardirq')) return 'ALLOC_NO_WATERMARKS';
  if (!request.in('oom') || request.inInterrupt) return undefined;
  return request.model.behaviour.oomVictim === 'half' && request.machine.mmu ? 'ALLOC_OOM' : 'ALLOC_NO_WATERMARKS';
}

function floorByBlocking(flags: ReserveFlags): number {
  if (!flags.high) return 1;
  return flags.harder ? 0.375 : 0.5;
}

function floorByAtomicBit(flags: ReserveFlags): number {
  const half = flags.high ? 0.5 : 1;
  return flags.harder ? half * 0.75 : half;
}
