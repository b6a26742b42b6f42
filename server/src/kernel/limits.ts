import { isEnabled } from './config';
import type { KernelConfig, Limits, Release } from './model';
import { hasChange, isBefore, type Since } from './release';

const PAGE_SIZE_OPTIONS: readonly (readonly [pattern: readonly string[], bytes: number])[] = [
  [['CONFIG_PAGE_SIZE_64KB', 'CONFIG_ARM64_64K_PAGES', 'CONFIG_PPC_64K_PAGES', 'CONFIG_IA64_PAGE_SIZE_64KB'], 65536],
  [['CONFIG_PAGE_SIZE_256KB', 'CONFIG_PPC_256K_PAGES'], 262144],
  [['CONFIG_PAGE_SIZE_32KB'], 32768],
  [['CONFIG_PAGE_SIZE_16KB', 'CONFIG_ARM64_16K_PAGES', 'CONFIG_PPC_16K_PAGES', 'CONFIG_IA64_PAGE_SIZE_16KB'], 16384],
  [['CONFIG_PAGE_SIZE_8KB', 'CONFIG_IA64_PAGE_SIZE_8KB'], 8192],
];
/** The exclusive MAX_ORDER until 6.3, also named so in the options. */
const DEFAULT_MAX_ORDER = 10;
/**
 * The largest order an architecture sets (inclusive) where its configuration was asked about in part only: defaults of ARCH_FORCE_MAX_ORDER in its Kconfig.
 * The first option that is on counts.
 */
const USUAL_MAX_ORDERS: readonly (readonly [option: string, order: number])[] = [
  ['CONFIG_ARM64_64K_PAGES', 13],
  ['CONFIG_ARM64_16K_PAGES', 11],
  ['CONFIG_PAGE_SIZE_64KB', 13],
  ['CONFIG_PAGE_SIZE_32KB', 12],
  ['CONFIG_PAGE_SIZE_16KB', 11],
  ['CONFIG_PPC_64K_PAGES', 8],
  ['CONFIG_PPC64', 12],
  ['CONFIG_SPARC64', 12],
];
const COSTLY_ORDER = 3;
/** SLAB's largest cache has at most 2^25 bytes (KMALLOC_SHIFT_HIGH, include/linux/slab.h until 6.0). */
const SLAB_LARGEST_SHIFT = 25;
/** SLOB's KMALLOC_SHIFT_MAX before {@link KMALLOC_FITS_ORDERS}. */
const SLOB_LARGEST_SHIFT = 30;
/**
 * Since when kmalloc() asks for no order above the largest one. Before, KMALLOC_MAX_SIZE of SLUB was twice the largest block (4.4 to 4.8; in the stable
 * series of 4.9 it was mended at some time until 4.9.279).
 */
const KMALLOC_FITS_ORDERS: Since = [
  [4, 10],
  [4, 9, 115],
];

/** Sizes and orders of a kernel (include/linux/mmzone.h: MAX_ORDER, MAX_PAGE_ORDER; include/linux/slab.h: KMALLOC_MAX_SIZE, KMALLOC_MAX_CACHE_SIZE). */
export function limitsOf(release: Release, config: KernelConfig | undefined): Limits {
  const pageSize = pageSizeOf(config);
  const maxPageOrder = maxPageOrderOf(release, config);
  const kmallocMax = kmallocMaxOf(release, config, pageSize * 2 ** maxPageOrder);
  return {
    pageSize,
    maxPageOrder,
    costlyOrder: COSTLY_ORDER,
    kmallocMinSize: kmallocMinSizeOf(release, config),
    kmallocMaxCache: kmallocMaxCacheOf(release, config, pageSize, kmallocMax),
    kmallocMax,
    pointerSize: (isEnabled(config, 'CONFIG_64BIT') ?? true) ? 8 : 4,
  };
}

function pageSizeOf(config: KernelConfig | undefined): number {
  for (const [options, bytes] of PAGE_SIZE_OPTIONS) if (options.some((option) => isEnabled(config, option))) return bytes;
  return 4096;
}

function maxPageOrderOf(release: Release, config: KernelConfig | undefined): number {
  const order = orderOption(config);
  if (order === undefined) return USUAL_MAX_ORDERS.find(([option]) => isEnabled(config, option) === true)?.[1] ?? DEFAULT_MAX_ORDER;
  // The option gave the first order that does not exist until 6.3 made it inclusive.
  return isBefore(release, 6, 4) ? order - 1 : order;
}

/** The option that gives the largest order, or the first one that does not exist. */
export function orderOption(config: KernelConfig | undefined): number | undefined {
  const forced = config?.value('CONFIG_ARCH_FORCE_MAX_ORDER') ?? config?.value('CONFIG_FORCE_MAX_ZONEORDER');
  const order = forced === undefined || forced === '' ? Number.NaN : Number(forced);
  return Number.isInteger(order) && order >= 1 ? order : undefined;
}

/**
 * KMALLOC_MAX_SIZE (include/linux/slab.h).
 *
 * @param largestBlock bytes of the largest block of pages.
 */
function kmallocMaxOf(release: Release, config: KernelConfig | undefined, largestBlock: number): number {
  if (isBefore(release, 6, 1) && usesSlab(release, config)) return Math.min(2 ** SLAB_LARGEST_SHIFT, largestBlock);
  if (hasChange(release, KMALLOC_FITS_ORDERS)) return largestBlock;
  return usesSlob(release, config) ? 2 ** SLOB_LARGEST_SHIFT : largestBlock * 2;
}

function kmallocMaxCacheOf(release: Release, config: KernelConfig | undefined, pageSize: number, kmallocMax: number): number {
  if (usesSlob(release, config)) return pageSize;
  if (isBefore(release, 6, 1) && usesSlab(release, config)) return kmallocMax;
  return pageSize * 2;
}

/**
 * KMALLOC_MIN_SIZE (include/linux/slab.h): 8, or 32 with the SLAB allocator (until 6.7), unless the architecture's DMA alignment (ARCH_DMA_MINALIGN in
 * its asm/cache.h) is larger. From 6.5 on kmalloc no longer follows that alignment on arm64 (ARCH_KMALLOC_MINALIGN), from 6.6 on riscv.
 */
function kmallocMinSizeOf(release: Release, config: KernelConfig | undefined): number {
  return Math.max(usesSlab(release, config) ? 32 : 8, dmaAlignment(release, config));
}

function dmaAlignment(release: Release, config: KernelConfig | undefined): number {
  const on = (option: string) => isEnabled(config, option) === true;
  if (on('CONFIG_ARM64')) return isBefore(release, 6, 5) ? 128 : 8;
  if (on('CONFIG_ARM')) return 2 ** shiftOf(config, 'CONFIG_ARM_L1_CACHE_SHIFT', 6);
  if (on('CONFIG_RISCV_DMA_NONCOHERENT')) return isBefore(release, 6, 6) ? 64 : 8;
  if (on('CONFIG_MIPS') && on('CONFIG_DMA_NONCOHERENT')) return 128;
  if (on('CONFIG_NOT_COHERENT_CACHE')) return on('CONFIG_PPC_8xx') ? 16 : on('CONFIG_PPC_47x') ? 128 : 32;
  if (on('CONFIG_LOONGARCH')) return 16;
  return 8;
}

function shiftOf(config: KernelConfig | undefined, option: string, usual: number): number {
  const shift = Number(config?.value(option) ?? '');
  return Number.isInteger(shift) && shift > 0 && shift < 16 ? shift : usual;
}

/** The slab allocator of a kernel, as its option is named. */
export type Allocator = 'SLAB' | 'SLUB' | 'SLOB';

export function allocatorOf(release: Release, config: KernelConfig | undefined): Allocator {
  if (usesSlob(release, config)) return 'SLOB';
  return usesSlab(release, config) ? 'SLAB' : 'SLUB';
}

/** The SLAB allocator, which 6.8 removed; SLUB is the default where both are possible. */
function usesSlab(release: Release, config: KernelConfig | undefined): boolean {
  return isBefore(release, 6, 8) && isEnabled(config, 'CONFIG_SLAB') === true && isEnabled(config, 'CONFIG_SLUB') !== true;
}

/** The SLOB allocator, which 6.4 removed: it has no size classes. */
export function usesSlob(release: Release, config: KernelConfig | undefined): boolean {
  return isBefore(release, 6, 4) && isEnabled(config, 'CONFIG_SLOB') === true && isEnabled(config, 'CONFIG_SLUB') !== true;
}
