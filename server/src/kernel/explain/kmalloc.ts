import { isEnabled } from '../config';
import type { Limits } from '../model';
import { isBefore } from '../release';
import type { KmallocPlacement } from './explanation';
import type { Request } from './request';

/**
 * Where kmalloc() takes the memory from (kmalloc_index(), kmalloc_type() in include/linux/slab.h, names in mm/slab_common.c).
 *
 * @param size bytes; 0 yields the special non-NULL pointer and belongs to no cache.
 */
export function kmallocPlacement(request: Request, size: number): KmallocPlacement {
  const { kmallocMaxCache, kmallocMax, pageSize } = request.model.limits;
  if (size <= 0) return { bytes: size, bucket: null, cache: null, order: null };
  if (size > kmallocMaxCache)
    return { bytes: size, bucket: null, cache: null, order: size > kmallocMax ? null : pageOrder(size, pageSize) };
  const bucket = bucketOf(request, size);
  return { bytes: size, bucket, cache: cacheName(request, bucket), order: null };
}

/** Page order that kmalloc() of a size asks the page allocator for: 0 when a cache serves it. */
export function kmallocOrder(limits: Limits, size: number): number {
  return size > limits.kmallocMaxCache ? pageOrder(size, limits.pageSize) : 0;
}

function pageOrder(size: number, pageSize: number): number {
  return Math.max(0, Math.ceil(Math.log2(size / pageSize)));
}

/** Object sizes are powers of two, and 96 and 192 between them; the smallest is 8, or 32 with the SLAB allocator. */
function bucketOf(request: Request, size: number): number {
  const slab = isBefore(request.model.release, 6, 8) && isEnabled(request.model.config, 'CONFIG_SLAB') === true;
  const smallest = slab && isEnabled(request.model.config, 'CONFIG_SLUB') !== true ? 32 : 8;
  if (size > 64 && size <= 96) return 96;
  if (size > 128 && size <= 192) return 192;
  return Math.max(smallest, 2 ** Math.ceil(Math.log2(size)));
}

/** `kmalloc-cg-8k`; before 4.20 sizes were written out (`kmalloc-8192`) and only the DMA family existed besides the normal one. */
function cacheName(request: Request, bucket: number): string {
  const { release } = request.model;
  const longNames = isBefore(release, 4, 20);
  const size = longNames || bucket < 1024 ? `${bucket}` : bucket >= 1024 * 1024 ? `${bucket / 1024 / 1024}M` : `${bucket / 1024}k`;
  return `${familyPrefix(request, longNames)}${size}`;
}

function familyPrefix(request: Request, onlyDma: boolean): string {
  const { config, release } = request.model;
  if (request.has('__GFP_DMA') && (isEnabled(config, 'CONFIG_ZONE_DMA') ?? true)) return 'dma-kmalloc-';
  if (onlyDma) return 'kmalloc-';
  const reclaimable = request.has('__GFP_RECLAIMABLE');
  // 6.11 folded the option for kernel memory into CONFIG_MEMCG.
  const memcg = isEnabled(config, isBefore(release, 6, 11) ? 'CONFIG_MEMCG_KMEM' : 'CONFIG_MEMCG') ?? true;
  const accounted = request.has('__GFP_ACCOUNT') && memcg && !isBefore(release, 5, 14);
  if (reclaimable) return 'kmalloc-rcl-';
  return accounted ? 'kmalloc-cg-' : 'kmalloc-';
}
