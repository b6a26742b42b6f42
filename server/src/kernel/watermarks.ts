import type { Release } from './model';
import { isBefore } from './release';

/** Pages that the buddy lists of a zone hold, as far as the watermark code counts them. */
export interface ZoneSize {
  readonly name: 'DMA' | 'DMA32' | 'Normal' | 'HighMem' | 'Movable' | 'Device';
  /** `managed` of /proc/zoneinfo and of the zone lines in a failure log (there in kB). */
  readonly managedPages: number;
}

export interface Watermarks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Until which page demotion works; undefined before 5.18. */
  readonly promo: number | undefined;
}

export interface WatermarkSettings {
  /** /proc/sys/vm/min_free_kbytes. */
  readonly minFreeKbytes: number;
  /** /proc/sys/vm/watermark_scale_factor, in parts of 10,000; 10 unless it was set. */
  readonly scaleFactor?: number;
  /** Bytes; 4096 when absent. */
  readonly pageSize?: number;
}

const SWAP_CLUSTER_MAX = 32;

/**
 * Watermarks of every zone, in pages and in the order given, without a temporary boost (__setup_per_zone_wmarks() in mm/page_alloc.c; 4.4 to 7.3). min is the zone's
 * share of min_free_kbytes; zones that the kernel does not use for itself get a small one: HighMem always, Movable from 6.6 on.
 */
export function zoneWatermarks(release: Release, zones: readonly ZoneSize[], settings: WatermarkSettings): readonly Watermarks[] {
  const { minFreeKbytes, scaleFactor = 10, pageSize = 4096 } = settings;
  const pagesMin = Math.floor(minFreeKbytes / (pageSize / 1024));
  const ownMin = (zone: ZoneSize) => zone.name !== 'HighMem' && (zone.name !== 'Movable' || isBefore(release, 6, 6));
  const lowmem = zones.filter(ownMin).reduce((pages, zone) => pages + zone.managedPages, 0);
  return zones.map((zone) => {
    const share = lowmem === 0 ? 0 : Math.floor((pagesMin * zone.managedPages) / lowmem);
    const min = ownMin(zone) ? share : clamp(Math.floor(zone.managedPages / 1024), SWAP_CLUSTER_MAX, 128);
    const gap = distance(release, share, zone.managedPages, scaleFactor);
    // Until 4.5 the high mark was computed from the share at once, so that it lost less to rounding.
    const high = isBefore(release, 4, 6) ? min + Math.floor(share / 2) : min + 2 * gap;
    return { min, low: min + gap, high, promo: isBefore(release, 5, 18) ? undefined : high + gap };
  });
}

/** Between two marks: a quarter of the share; from 4.6 on at least the zone's size times the scale factor. */
function distance(release: Release, share: number, managedPages: number, scaleFactor: number): number {
  const quarter = Math.floor(share / 4);
  return isBefore(release, 4, 6) ? quarter : Math.max(quarter, Math.floor((managedPages * scaleFactor) / 10_000));
}

/**
 * min_free_kbytes that a kernel chooses at boot (init_per_zone_wmark_min(), calculate_min_free_kbytes() in mm/page_alloc.c): 4 * sqrt(lowmem in kB), at least 128, at
 * most 64 MiB, from 5.8 on 256 MiB.
 *
 * @param lowmemKbytes memory above the high watermarks of the zones below HighMem, in kB (nr_free_buffer_pages()); at boot, before there are marks, all of it.
 */
export function defaultMinFreeKbytes(release: Release, lowmemKbytes: number): number {
  return clamp(Math.floor(Math.sqrt(lowmemKbytes * 16)), 128, isBefore(release, 5, 8) ? 65_536 : 262_144);
}

export interface HugePageMemory {
  /** Zones with memory, up to Normal (HighMem with CONFIG_HIGHMEM), over all nodes. */
  readonly zones: number;
  /** nr_free_buffer_pages(). */
  readonly lowmemPages: number;
  /** 512 on x86-64. */
  readonly pageblockPages: number;
  readonly pageSize?: number;
}

/**
 * min_free_kbytes that transparent huge pages raise it to when they are enabled (set_recommended_min_free_kbytes() in mm/khugepaged.c): eleven page blocks per
 * zone, at most 5 % of low memory. It only raises: the larger of this and {@link defaultMinFreeKbytes} holds.
 */
export function hugePageMinFreeKbytes({ zones, lowmemPages, pageblockPages, pageSize = 4096 }: HugePageMemory): number {
  const fallbackTypes = 3;
  const pages = pageblockPages * zones * (2 + fallbackTypes * fallbackTypes);
  return Math.min(pages, Math.floor(lowmemPages / 20)) * (pageSize / 1024);
}

/** Ratios of /proc/sys/vm/lowmem_reserve_ratio unless they were set; 0 reserves nothing. */
const RESERVE_RATIO: Readonly<Record<ZoneSize['name'], number>> = { DMA: 256, DMA32: 256, Normal: 32, HighMem: 0, Movable: 0, Device: 0 };

/**
 * lowmem_reserve of every zone of one node, in pages: for each zone that a request may start in, what must stay free in this one beyond its mark
 * (setup_per_zone_lowmem_reserve() in mm/page_alloc.c; the `protection:` line of /proc/zoneinfo, `lowmem_reserve[]:` of logs).
 *
 * @param zones from the lowest up.
 */
export function lowmemReserves(zones: readonly ZoneSize[]): readonly (readonly number[])[] {
  return zones.map((zone, index) => {
    const ratio = RESERVE_RATIO[zone.name];
    let above = 0;
    return zones.map((upper, other) => {
      if (other <= index) return 0;
      above += upper.managedPages;
      return ratio === 0 || zone.managedPages === 0 ? 0 : Math.floor(above / ratio);
    });
  });
}

function clamp(value: number, smallest: number, largest: number): number {
  return Math.min(Math.max(value, smallest), largest);
}
