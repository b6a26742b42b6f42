import type { CallSite } from '../facts/site';
import { orderForBytes } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';

/** The contiguous block that a call asks for at least. */
export interface LeastBlock {
  readonly order: number;
  /** Undefined when the order itself is the argument. */
  readonly bytes: number | undefined;
  /** The request has one known size, not a range. */
  readonly exact: boolean;
  /** The bookkeeping in front of managed memory makes the block larger than the request alone would be. */
  readonly headed: boolean;
}

/** Families whose memory is handed out as one physical block; DMA memory comes from pools and IOMMUs as well. */
export const NOT_ONE_BLOCK = new Set(['dma', 'dma-pool', 'kv', 'vmalloc', 'percpu', 'mempool', 'cache']);

/**
 * What devm_kmalloc() and drmm_kmalloc() put in front of the memory at least: list head and release function (struct devres_node in
 * drivers/base/devres.c, struct drmres_node in drivers/gpu/drm/drm_managed.c, 6.1; name and size came later and make it larger).
 */
const MANAGED_HEADER_WORDS = 3;
const MANAGED = /^(?:devm|drmm)_k/;

/** The least order of a physically contiguous request, or undefined when the call is none or nothing is known of its size. */
export function leastBlock(call: CallSite, model: KernelModel): LeastBlock | undefined {
  const { api, size } = call;
  if (!api?.contiguous || size === undefined || NOT_ONE_BLOCK.has(api.allocates ?? '')) return undefined;
  if (size.order !== undefined) return { order: size.order.min, bytes: undefined, exact: size.order.min === size.order.max, headed: false };
  const { min, max } = size.bytes;
  const { pageSize, pointerSize } = model.limits;
  const alone = orderForBytes(min, pageSize);
  const order = MANAGED.test(call.callee) ? orderForBytes(min + MANAGED_HEADER_WORDS * pointerSize, pageSize) : alone;
  return { order, bytes: min, exact: min === max, headed: order > alone };
}

/** `64 KiB`, `832 bytes`, `1.5 MiB`; `64 KiB + 32 bytes` where rounding would hide that a power of two is exceeded. */
export function bytesText(bytes: number): string {
  for (const [unit, size] of UNITS) {
    if (bytes < size) continue;
    const rounded = Number((bytes / size).toFixed(1));
    const rest = bytes - rounded * size;
    return `${rounded} ${unit}${rest > 0 && Number.isInteger(Math.log2(rounded)) ? ` + ${bytesText(rest)}` : ''}`;
  }
  return `${bytes} byte${bytes === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
];

/**
 * ` (sizeof(struct ring) = 70000)`, or nothing when the source spells the number itself. Upper bounds are left out where only the least
 * size is known: they do not explain it.
 */
export function becauseText(call: CallSite): string {
  const { reason = '', bytes } = call.size ?? {};
  const parts = reason.split(', ').filter((part) => part !== '' && (bytes?.min === bytes?.max || !part.includes(' ≤ ')));
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
