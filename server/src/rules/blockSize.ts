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
}

/** Families whose memory is handed out as one physical block; DMA memory comes from pools and IOMMUs as well. */
const NOT_ONE_BLOCK = new Set(['dma', 'dma-pool', 'kv', 'vmalloc', 'percpu', 'mempool', 'cache']);

/** The least order of a physically contiguous request, or undefined when the call is none or nothing is known of its size. */
export function leastBlock(call: CallSite, model: KernelModel): LeastBlock | undefined {
  const { api, size } = call;
  if (!api?.contiguous || size === undefined || NOT_ONE_BLOCK.has(api.allocates ?? '')) return undefined;
  if (size.order !== undefined) return { order: size.order.min, bytes: undefined, exact: size.order.min === size.order.max };
  const { min, max } = size.bytes;
  return { order: orderForBytes(min, model.limits.pageSize), bytes: min, exact: min === max };
}

/** `64 KiB`, `832 bytes`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  for (const [unit, size] of UNITS) if (bytes >= size) return `${Number((bytes / size).toFixed(1))} ${unit}`;
  return `${bytes} byte${bytes === 1 ? '' : 's'}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
];

/** ` (sizeof(struct ring) = 70000)`, or nothing when the source spells the number itself. */
export function becauseText(call: CallSite): string {
  const reason = call.size?.reason ?? '';
  return reason === '' ? '' : ` (${reason})`;
}
