import type { KernelModel } from '../kernel/model';
import type { Mask } from './mask';
import { isExact } from './mask';

/** Up to this many undecided flags are named; more are written as `?`. */
const FEW = 3;

/**
 * A mask in words of the kernel: `GFP_KERNEL|__GFP_NOWARN` when exact. Undecided flags follow as `[|__GFP_ZERO]` when there are few, otherwise as `?`, with the
 * flags known to be clear after it: `__GFP_NOWARN|? without __GFP_FS`. `?` alone is a mask of which nothing is known.
 */
export function printMask(model: KernelModel, mask: Mask): string {
  const { flags } = model;
  const all = flags.names.reduce((bits, _, index) => bits | (1 << index), 0);
  const undecided = all & ~(mask.set | mask.clear);
  if (isExact(mask) || undecided === 0) return flags.print(mask.set & all);
  const known = mask.set & all;
  const names = flags.names.filter((_, index) => (undecided & (1 << index)) !== 0);
  if (names.length <= FEW) return `${flags.print(known)}${names.map((name) => `[|${name}]`).join('')}`;
  const start = known === 0 ? '?' : `${flags.print(known)}|?`;
  const clear = mask.clear & all;
  return clear === 0 ? start : `${start} without ${flags.print(clear)}`;
}
