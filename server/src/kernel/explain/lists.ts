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

const BYTES = [0, 8, 16, 24] as const;
const namesByByte = new WeakMap<FlagTable, readonly (readonly (readonly string[])[])[]>();

/** Names of the single flags of a mask, lowest kernel bit first. */
export function flagNames(flags: FlagTable, bits: number): readonly string[] {
  let bytes = namesByByte.get(flags);
  if (bytes === undefined) {
    bytes = BYTES.map((first) => Array.from({ length: 256 }, (_, byte) => flags.names.filter((_name, at) => namesBit(byte, at - first))));
    namesByByte.set(flags, bytes);
  }
  const names: string[] = [];
  for (let byte = 0, rest = bits; rest !== 0; byte++, rest >>>= 8) for (const name of bytes[byte]![rest & 0xff]!) names.push(name);
  return names;
}

/** Whether one of eight bits is set. */
function namesBit(byte: number, bit: number): boolean {
  return bit >= 0 && bit < 8 && (byte & (1 << bit)) !== 0;
}

/** From the highest zone down, as fallback goes. */
export const ZONES_DOWNWARDS: readonly Zone[] = ['Movable', 'HighMem', 'Normal', 'DMA32', 'DMA'];
export const chosenZones = chooser(ZONES_DOWNWARDS);
