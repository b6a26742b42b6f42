import { isEnabled } from '../config';
import type { Migratetype, Zone } from './explanation';
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
  const zones = zonesOf(request);
  const asked = [request.has('__GFP_DMA'), request.has('__GFP_HIGHMEM'), request.has('__GFP_DMA32')];
  if (asked.filter(Boolean).length > 1) return { zone: zones.dma ? 'DMA' : zones.dma32 ? 'DMA32' : 'Normal', legal: false };
  if (asked[0]) return { zone: zones.dma ? 'DMA' : 'Normal', legal: true };
  if (asked[2]) return { zone: zones.dma32 ? 'DMA32' : 'Normal', legal: true };
  if (asked[1]) {
    if (request.has('__GFP_MOVABLE')) return { zone: 'Movable', legal: true };
    return { zone: zones.highmem ? 'HighMem' : 'Normal', legal: true };
  }
  return { zone: 'Normal', legal: true };
}

/** Zones of the configuration; without one those of a 64-bit x86 kernel. */
function zonesOf(request: Request): { readonly dma: boolean; readonly dma32: boolean; readonly highmem: boolean } {
  const { config } = request.model;
  return {
    dma: isEnabled(config, 'CONFIG_ZONE_DMA') ?? true,
    dma32: isEnabled(config, 'CONFIG_ZONE_DMA32') ?? true,
    highmem: isEnabled(config, 'CONFIG_HIGHMEM') ?? false,
  };
}

/** Kind of page block (gfp_migratetype()): the two mobility bits are the number of the type, so both together are the type after them. */
export function migratetypeOf(request: Request): Migratetype {
  const movable = request.has('__GFP_MOVABLE');
  if (request.has('__GFP_RECLAIMABLE')) return movable ? 'HighAtomic' : 'Reclaimable';
  return movable ? 'Movable' : 'Unmovable';
}
