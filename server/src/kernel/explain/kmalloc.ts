import { isEnabled } from '../config';
import { usesSlob } from '../limits';
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
  // SLOB packs objects of any size into pages.
  if (usesSlob(request.model.release, request.model.config)) return { bytes: size, bucket: null, cache: null, order: 0 };
  const bucket = kmallocBucket(request.model.limits, size);
  return { bytes: size, bucket, cache: cacheName(request, bucket), order: null };
}

/** Page order that kmalloc() of a size asks the page allocator for: 0 when a cache serves it. */
export function kmallocOrder(limits: Limits, size: number): number {
  return size > limits.kmallocMaxCache ? pageOrder(size, limits.pageSize) : 0;
}

/** get_order(): the smallest block of pages that holds the bytes. */
function pageOrder(bytes: number, pageSize: number): number {
  let order = 0;
  for (let block = pageSize; block < bytes; block *= 2) order++;
  return order;
}

/** Size class: powers of two from the smallest one up, and 96 and 192 where that one is not above 32 and 64. */
function kmallocBucket(limits: Limits, size: number): number {
  const smallest = limits.kmallocMinSize;
  if (smallest <= 32 && size > 64 && size <= 96) return 96;
  if (smallest <= 64 && size > 128 && size <= 192) return 192;
  let bucket = smallest;
  while (bucket < size) bucket *= 2;
  return bucket;
}

/** `kmalloc-cg-8k`; before 4.20 sizes were written out (`kmalloc-8192`) and only the DMA family existed besides the normal one. */
function cacheName(request: Request, bucket: number): string {
  const longNames = isBefore(request.model.release, 4, 20);
  const size = longNames || bucket < 1024 ? `${bucket}` : bucket >= 1024 * 1024 ? `${bucket / 1024 / 1024}M` : `${bucket / 1024}k`;
  return `${familyPrefix(request, longNames)}${size}`;
}

function familyPrefix(request: Request, onlyDma: boolean): string {
  const { flags, machine } = request;
  const { config, release } = request.model;
  if (request.has(flags.dma) && machine.zoneDma) return 'dma-kmalloc-';
  if (onlyDma || !request.has(flags.reclaimable | flags.account)) return 'kmalloc-';
  // CONFIG_SLUB_TINY (6.2 and later) has no family of its own for reclaimable memory.
  if (request.has(flags.reclaimable))
    return !isBefore(release, 6, 2) && isEnabled(config, 'CONFIG_SLUB_TINY') === true ? 'kmalloc-' : 'kmalloc-rcl-';
  // 6.11 folded the option for kernel memory into CONFIG_MEMCG.
  const memcg = isEnabled(config, isBefore(release, 6, 11) ? 'CONFIG_MEMCG_KMEM' : 'CONFIG_MEMCG') ?? true;
  return memcg && !isBefore(release, 5, 14) ? 'kmalloc-cg-' : 'kmalloc-';
}
