import type { FlagTable } from '../model';
import type { Zone } from './explanation';

/** Lists that the answers share: a million questions have few different ones, and a shared list needs to be printed only once. */
class SharedLists<T extends string> {
  private readonly lists = new Map<number, readonly T[]>();

  constructor(private readonly most: number) {}

  /** The list of a key, made once. */
  get(key: number, make: () => readonly T[]): readonly T[] {
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    if (this.lists.size >= this.most) this.lists.clear();
    const made = make();
    this.lists.set(key, made);
    return made;
  }
}

const MOST_MASKS = 8192;
const flagLists = new WeakMap<FlagTable, SharedLists<string>>();

/** Names of the single flags of a mask, lowest kernel bit first. */
export function flagNames(flags: FlagTable, bits: number): readonly string[] {
  let lists = flagLists.get(flags);
  if (lists === undefined) {
    lists = new SharedLists(MOST_MASKS);
    flagLists.set(flags, lists);
  }
  return lists.get(bits, () => flags.names.filter((_, index) => (bits & (1 << index)) !== 0));
}

/** Names chosen by the bits of a number, in the order of `names`. */
export function chooser<T extends string>(names: readonly T[]): (chosen: number) => readonly T[] {
  const lists = new SharedLists<T>(1 << names.length);
  return (chosen) => lists.get(chosen, () => names.filter((_, index) => (chosen & (1 << index)) !== 0));
}

/** From the highest zone down, as fallback goes. */
export const ZONES_DOWNWARDS: readonly Zone[] = ['Movable', 'HighMem', 'Normal', 'DMA32', 'DMA'];
export const chosenZones = chooser(ZONES_DOWNWARDS);
