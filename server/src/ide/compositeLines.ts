import type { KernelModel } from '../kernel/model';
import { isExact, type Mask } from '../mask/mask';
import type { HoverLine } from './hover';
import { flagNames } from './maskText';
import { code, joined, type Span } from './text';

/**
 * What a mask is made of: its single flags, and how it differs from the nearest composite. `name` is the composite the
 * mask stands for, which is then not compared with itself.
 */
export function compositeLines(model: KernelModel, mask: Mask, name: string | undefined): readonly HoverLine[] {
  if (!isExact(mask) || mask.set === 0) return [];
  const lines: HoverLine[] = [{ label: 'Flags', value: joined(flagNames(model, mask.set).map(code), ' ') }];
  const base = nearestComposite(model, mask.set, name);
  if (base !== undefined) lines.push({ label: `Against ${base.name}`, value: difference(model, mask.set, base.bits) });
  return lines;
}

const BASES = ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_NOWAIT', 'GFP_NOFS', 'GFP_NOIO', 'GFP_USER', 'GFP_HIGHUSER', 'GFP_HIGHUSER_MOVABLE'];
/** Composites further away than so many flags are no help. */
const MAX_DISTANCE = 4;

/** The well-known composite that differs in the fewest flags, but in some. */
function nearestComposite(model: KernelModel, bits: number, name: string | undefined): { name: string; bits: number } | undefined {
  let best: { name: string; bits: number } | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const base of BASES) {
    const baseBits = model.flags.bits(base);
    if (baseBits === undefined || base === name || baseBits === bits) continue;
    const distance = popCount(bits ^ baseBits);
    if (distance >= bestDistance) continue;
    best = { name: base, bits: baseBits };
    bestDistance = distance;
  }
  return best;
}

function difference(model: KernelModel, bits: number, base: number): Span[] {
  const more = flagNames(model, bits & ~base).map((flag) => code(`+${flag}`));
  const less = flagNames(model, base & ~bits).map((flag) => code(`-${flag}`));
  return [...joined([...more, ...less], ' ')];
}

function popCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
