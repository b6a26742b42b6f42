import type { KernelModel } from '../../kernel/model';

/** The smallest order whose block holds `bytes` (at least 0), as the kernel's get_order() computes it. */
export function orderForBytes(bytes: number, pageSize: number): number {
  let order = 0;
  for (let block = pageSize; block < bytes; block *= 2) order++;
  return order;
}

/**
 * The order of the physically contiguous block behind a kmalloc() of `bytes`: that of the bucket for sizes served from
 * a cache, that of the size itself above it (mm/slab_common.c, 6.1).
 */
export function kmallocOrder(model: KernelModel, bytes: number): number {
  return orderForBytes(bytes, model.limits.pageSize);
}

/** The smallest number of bytes that needs a block above `order`. */
export function bytesAboveOrder(order: number, pageSize: number): number {
  return pageSize * 2 ** order + 1;
}
