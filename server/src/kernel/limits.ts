import { isEnabled } from './config';
import type { KernelConfig, Limits, Release } from './model';
import { isBefore } from './release';

const PAGE_SIZE_OPTIONS: readonly (readonly [pattern: readonly string[], bytes: number])[] = [
  [['CONFIG_PAGE_SIZE_64KB', 'CONFIG_ARM64_64K_PAGES', 'CONFIG_PPC_64K_PAGES', 'CONFIG_IA64_PAGE_SIZE_64KB'], 65536],
  [['CONFIG_PAGE_SIZE_256KB', 'CONFIG_PPC_256K_PAGES'], 262144],
  [['CONFIG_PAGE_SIZE_16KB', 'CONFIG_ARM64_16K_PAGES', 'CONFIG_PPC_16K_PAGES', 'CONFIG_IA64_PAGE_SIZE_16KB'], 16384],
  [['CONFIG_PAGE_SIZE_8KB', 'CONFIG_IA64_PAGE_SIZE_8KB'], 8192],
];
/** The exclusive MAX_ORDER until 6.3, also named so in the options. */
const DEFAULT_MAX_ORDER = 10;
const COSTLY_ORDER = 3;
/** SLAB's largest cache has at most 2^25 bytes (KMALLOC_SHIFT_HIGH, include/linux/slab.h until 6.0). */
const SLAB_LARGEST_SHIFT = 25;

/** Sizes and orders of a kernel (include/linux/mmzone.h: MAX_ORDER, MAX_PAGE_ORDER; include/linux/slab.h: KMALLOC_MAX_SIZE, KMALLOC_MAX_CACHE_SIZE). */
export function limitsOf(release: Release, config: KernelConfig | undefined): Limits {
  const pageSize = pageSizeOf(config);
  const maxPageOrder = maxPageOrderOf(release, config);
  const kmallocMax = pageSize * 2 ** maxPageOrder;
  return {
    pageSize,
    maxPageOrder,
    costlyOrder: COSTLY_ORDER,
    kmallocMaxCache: kmallocMaxCacheOf(release, config, pageSize, kmallocMax),
    kmallocMax,
    pointerSize: config === undefined || isEnabled(config, 'CONFIG_64BIT') ? 8 : 4,
  };
}

function pageSizeOf(config: KernelConfig | undefined): number {
  for (const [options, bytes] of PAGE_SIZE_OPTIONS) if (options.some((option) => isEnabled(config, option))) return bytes;
  return 4096;
}

function maxPageOrderOf(release: Release, config: KernelConfig | undefined): number {
  const forced = config?.value('CONFIG_ARCH_FORCE_MAX_ORDER') ?? config?.value('CONFIG_FORCE_MAX_ZONEORDER');
  const order = forced === undefined || forced === '' ? Number.NaN : Number(forced);
  if (!Number.isInteger(order) || order < 1) return DEFAULT_MAX_ORDER;
  // The option gave the first order that does not exist until 6.3 made it inclusive.
  return isBefore(release, 6, 4) ? order - 1 : order;
}

function kmallocMaxCacheOf(release: Release, config: KernelConfig | undefined, pageSize: number, kmallocMax: number): number {
  if (isBefore(release, 6, 4) && isEnabled(config, 'CONFIG_SLOB')) return pageSize;
  if (isBefore(release, 6, 1) && isEnabled(config, 'CONFIG_SLAB')) return Math.min(2 ** SLAB_LARGEST_SHIFT, kmallocMax);
  return pageSize * 2;
}
