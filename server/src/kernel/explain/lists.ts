import type { FlagTable } from '../model';
import type { Zone } from './explanation';

/**
 * Names chosen by the bits of a number, in the order of `names`. Each list is made once and shared: a million questions have few different ones.
 *
 * @param names at most 16.
 */
export function chooser<T extends string>(names: readonly T[]): (chosen: number) => readonly T[] {
  const lists = new Map<number, readonly T[]>();
  return (chosen) => {
    const known = lists.get(chosen);
    if (known !== undefined) return known;
    const made = names.filter((_, index) => (chosen & (1 << index)) !== 0);
    lists.set(chosen, made);
    return made;
  };
}

const HALF = 16;
const flagChoosers = new WeakMap<
  FlagTable,
  readonly [low: (chosen: number) => readonly string[], high: (chosen: number) => readonly string[]]
>();

/** Names of the single flags of a mask, lowest kernel bit first. */
export function flagNames(flags: FlagTable, bits: number): readonly string[] {
  let halves = flagChoosers.get(flags);
  if (halves === undefined) {
    halves = [chooser(flags.names.slice(0, HALF)), chooser(flags.names.slice(HALF))];
    flagChoosers.set(flags, halves);
  }
  const [low, high] = halves;
  return low(bits & 0xffff).concat(high(bits >>> HALF));
}

/** From the highest zone down, as fallback goes. */
export const ZONES_DOWNWARDS: readonly Zone[] = ['Movable', 'HighMem', 'Normal', 'DMA32', 'DMA'];
export const chosenZones = chooser(ZONES_DOWNWARDS);
