import type { Migratetype, Zone } from './explanation';
import { chosenZones, ZONES_DOWNWARDS } from './lists';
import type { Request } from './request';

export interface ZoneChoice {
  readonly zone: Zone;
  readonly legal: boolean;
}

/**
 * Highest zone the mask may use (gfp_zone() in include/linux/gfp.h, the same from 4.4 to 7.3). Two of DMA, HIGHMEM and DMA32 together are illegal: a
 * debug kernel stops, others silently use the lowest zone. __GFP_MOVABLE reaches ZONE_MOVABLE only with __GFP_HIGHMEM.
 */
export function zoneOf(request: Request): ZoneChoice {
  const { flags, machine } = request;
  const dma = request.has(flags.dma);
  const highmem = request.has(flags.highmem);
  const dma32 = request.has(flags.dma32);
  if (Number(dma) + Number(highmem) + Number(dma32) > 1)
    return { zone: machine.zoneDma ? 'DMA' : machine.zoneDma32 ? 'DMA32' : 'Normal', legal: false };
  if (dma) return { zone: machine.zoneDma ? 'DMA' : 'Normal', legal: true };
  if (dma32) return { zone: machine.zoneDma32 ? 'DMA32' : 'Normal', legal: true };
  if (!highmem) return { zone: 'Normal', legal: true };
  if (request.has(flags.movable)) return { zone: 'Movable', legal: true };
  return { zone: machine.highmem ? 'HighMem' : 'Normal', legal: true };
}

/** Zones a request may be served from, the preferred one first: fallback goes downwards only (build_zonerefs_node() in mm/page_alloc.c). */
export function fallbackZones(request: Request): readonly Zone[] {
  const { machine } = request;
  const highest = ZONES_DOWNWARDS.indexOf(zoneOf(request).zone);
  // One bit for each zone of the list: those from the highest one down that this machine has.
  const present = 0b00101 | (machine.highmem ? 0b00010 : 0) | (machine.zoneDma32 ? 0b01000 : 0) | (machine.zoneDma ? 0b10000 : 0);
  return chosenZones(present & (0b11111 << highest));
}

/** Kind of page block (gfp_migratetype()): the two mobility bits are the number of the type, so both together are the type after them. */
export function migratetypeOf(request: Request): Migratetype {
  const movable = request.has(request.flags.movable);
  if (request.has(request.flags.reclaimable)) return movable ? 'HighAtomic' : 'Reclaimable';
  return movable ? 'Movable' : 'Unmovable';
}
