import type { SizeInterval } from '../sizeInterval';
import { constantOf, exactly, join } from './interval';
import { ANY_ALIGNMENT } from './knownTypes';

const ONE = exactly(1);

/** What a cache line word needs to know of the configuration. */
interface Conditions {
  condition(text: string): boolean | undefined;
}

/**
 * The alignment that `____cacheline_aligned` and its relatives ask for (include/linux/cache.h, 6.1): the line of the architecture, nothing on uniprocessor
 * kernels for the `_in_smp` forms, and perhaps more than a line for the internode form.
 */
export function cacheLineAlignment(
  word: string,
  constant: (name: string) => SizeInterval | undefined,
  lookup: Conditions | undefined,
): SizeInterval {
  const value = constant(CONSTANTS.find(([part]) => word.includes(part))?.[1] ?? 'SMP_CACHE_BYTES');
  const line = value !== undefined && isPowerOfTwo(constantOf(value)) ? value : ANY_ALIGNMENT;
  if (!word.endsWith('_in_smp')) return line;
  const smp = lookup?.condition('defined(CONFIG_SMP)');
  return smp === undefined ? join(ONE, line) : smp ? line : ONE;
}

const CONSTANTS: readonly (readonly [part: string, constant: string])[] = [
  ['internodealigned', 'INTERNODE_CACHE_BYTES'],
  ['dma_from_device', 'ARCH_DMA_MINALIGN'],
  ['CRYPTO_MINALIGN', 'CRYPTO_MINALIGN'],
];

function isPowerOfTwo(value: number | undefined): boolean {
  return value !== undefined && value > 0 && (value & (value - 1)) === 0;
}
