import { isEnabled } from './config';
import type { KernelModel } from './model';
import { hasChange, type Since } from './release';

/** A zone at the moment of a request, in pages. */
export interface ZoneState {
  readonly free: number;
  /** The mark that counts: min in the slow path, low in the fast one. */
  readonly mark: number;
  /** lowmem_reserve of the zone for the highest zone that the request may use. */
  readonly lowmemReserve: number;
  /** Free pages of high-atomic blocks (reserved ones, where a log does not tell free ones). */
  readonly highatomic: number;
  readonly freeCma: number;
  /** Free blocks by order, from 0 up. */
  readonly areas: readonly FreeArea[];
}

/** Free blocks of one order, by the type of their page block; what is absent is 0. */
export interface FreeArea {
  readonly unmovable?: number;
  readonly movable?: number;
  readonly reclaimable?: number;
  readonly highatomic?: number;
  readonly cma?: number;
}

export interface WatermarkRequest {
  readonly order: number;
  /** As {@link MaskExplanation.allocFlags} has them, or the entitlement alone. */
  readonly allocFlags: readonly string[];
}

/** What the check found; the first reason that rules the zone out. */
export type WatermarkVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `free-pages`: too few pages above mark and reserves; `no-block`: enough pages, but no block of the order that the request may take. */
      readonly reason: 'free-pages' | 'no-block';
      /** Pages the request may count as free. */
      readonly usable: number;
      /** What `usable` must exceed. */
      readonly needed: number;
    };

/**
 * Whether a zone serves a request (__zone_watermark_ok() and __zone_watermark_unusable_free() in mm/page_alloc.c, 4.4 to 7.3): free pages without the block itself, high-atomic
 * reserves (unless the request has access to a reserve) and CMA (unless movable) must exceed what must stay of the mark plus the lowmem reserve; above order 0
 * one of the lists the request may use must hold a block.
 */
export function checkWatermark(model: KernelModel, zone: ZoneState, request: WatermarkRequest): WatermarkVerdict {
  const flags = new Set(request.allocFlags);
  if (flags.has('ALLOC_NO_WATERMARKS')) return { ok: true };
  const rights = model.behaviour.reserves === 'non-blocking' ? rightsByBlocking(flags) : rightsByAtomicBit(model, flags);
  // A kernel without CMA has no such pages to leave out.
  const cma = flags.has('ALLOC_CMA') || isEnabled(model.config, 'CONFIG_CMA') === false;
  const usable = zone.free - (2 ** request.order - 1) - (rights.reserves ? 0 : zone.highatomic) - (cma ? 0 : zone.freeCma);
  const needed = rights.floor(zone.mark) + zone.lowmemReserve;
  if (usable <= needed) return { ok: false, reason: 'free-pages', usable, needed };
  if (request.order === 0 || zone.areas.slice(request.order).some((area) => hasBlock(area, rights, cma))) return { ok: true };
  return { ok: false, reason: 'no-block', usable, needed };
}

interface Rights {
  /** High-atomic pages count as free. */
  readonly reserves: boolean;
  /** May take blocks from the high-atomic list. */
  readonly highatomic: boolean;
  /** Any free block passes: unpatched 4.6 to 4.14 do not look at its type. */
  readonly anyBlock: boolean;
  floor(mark: number): number;
}

function rightsByBlocking(flags: ReadonlySet<string>): Rights {
  const high = flags.has('ALLOC_MIN_RESERVE');
  const nonBlock = flags.has('ALLOC_NON_BLOCK');
  const victim = flags.has('ALLOC_OOM');
  const highatomic = flags.has('ALLOC_HIGHATOMIC');
  return {
    reserves: high || nonBlock || victim || highatomic,
    highatomic: highatomic || victim,
    anyBlock: false,
    floor: (mark) => {
      let min = mark;
      if (high) min -= half(min);
      if (high && nonBlock) min -= quarter(min);
      return victim ? min - half(min) : min;
    },
  };
}

function rightsByAtomicBit(model: KernelModel, flags: ReadonlySet<string>): Rights {
  const victim = flags.has('ALLOC_OOM');
  const harder = victim || flags.has('ALLOC_HARDER');
  return {
    reserves: harder,
    highatomic: harder,
    anyBlock: harder && !looksAtType(model),
    floor: (mark) => {
      const min = flags.has('ALLOC_HIGH') ? mark - half(mark) : mark;
      if (!harder) return min;
      return victim ? min - half(min) : min - quarter(min);
    },
  };
}

/** Trees of stable series seen with the fix. */
const TYPE_CHECK_BACKPORTS: Since = [
  [4, 15],
  [4, 4, 155],
  [4, 9, 115],
];

/** Whether the check looks at the type of a free block: the fix of 4.15 and its back-ports. */
function looksAtType({ release }: KernelModel): boolean {
  return hasChange(release, TYPE_CHECK_BACKPORTS);
}

function hasBlock(area: FreeArea, rights: Rights, cma: boolean): boolean {
  const { unmovable = 0, movable = 0, reclaimable = 0, highatomic = 0, cma: cmaBlocks = 0 } = area;
  if (unmovable + movable + reclaimable > 0) return true;
  if (rights.anyBlock && highatomic + cmaBlocks > 0) return true;
  return (cma && cmaBlocks > 0) || (rights.highatomic && highatomic > 0);
}

const half = (pages: number) => Math.trunc(pages / 2);
const quarter = (pages: number) => Math.trunc(pages / 4);
