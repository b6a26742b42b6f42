import { editDistance } from './editDistance';
import type { FlagDefinitions } from './flagDefinitions';
import { namesOf } from './flagDefinitions';
import { describeFlag } from './flagDescriptions';
import type { AbsentFlag, FlagTable } from './model';

interface NamedBits {
  readonly name: string;
  readonly bits: number;
}

/**
 * The name side of the flags of one kernel.
 *
 * @param absentBits lattice bits of flags that are 0 in this kernel's configuration: composites match without them.
 * @param absent what is known of names that this kernel does not have.
 */
export function makeFlagTable(
  definitions: FlagDefinitions,
  absentBits: number,
  absent: (name: string) => AbsentFlag | undefined,
): FlagTable {
  const names = namesOf(definitions.flags);
  const bitsByName = new Map<string, number>(names.map((name, index) => [name, 1 << index]));
  for (const composite of definitions.composites) bitsByName.set(composite.name, composite.bits);
  const composites = inPrintOrder(definitions);
  const printEntries = printed(definitions, bitsByName, names);
  const rawName = (name: string) => (name.startsWith('___GFP_') && bitsByName.has(name.slice(1)) ? name.slice(1) : undefined);
  const describe = (name: string) => (bitsByName.has(name) ? describeFlag(name) : undefined);
  return {
    names,
    composites,
    bits: (name) => bitsByName.get(name),
    bitsOf: (name) => bitsByName.get(name) ?? 0,
    rawName,
    plainName: (name) => rawName(name) ?? name,
    absent: (name) => (bitsByName.has(name) ? undefined : absent(name)),
    suggest: (name) => nearest(name, [...bitsByName.keys()]),
    print: (bits) => print(printEntries, bits, absentBits),
    describe,
  };
}

function inPrintOrder(definitions: FlagDefinitions): NamedBits[] {
  const rank = (name: string) => {
    const position = definitions.printOrder.indexOf(name);
    return position < 0 ? definitions.printOrder.length : position;
  };
  return definitions.composites.map((composite) => ({ ...composite })).sort((a, b) => rank(a.name) - rank(b.name));
}

/** The kernel's print table and after it, because a source must name every flag, the flags the kernel would leave as a number. */
function printed(definitions: FlagDefinitions, bitsByName: ReadonlyMap<string, number>, names: readonly string[]): NamedBits[] {
  const order = [...new Set([...definitions.printOrder, ...names])];
  return order.flatMap((name) => {
    const bits = bitsByName.get(name);
    return bits === undefined || bits === 0 ? [] : [{ name, bits }];
  });
}

function print(entries: readonly NamedBits[], bits: number, absentBits: number): string {
  const parts: string[] = [];
  let rest = bits;
  for (const entry of entries) {
    if (rest === 0) break;
    // A flag that is 0 in this configuration is contained in every number; one that stands alone is still named.
    const needed = (entry.bits & ~absentBits) === 0 ? entry.bits : entry.bits & ~absentBits;
    if ((rest & needed) !== needed) continue;
    parts.push(entry.name);
    rest &= ~entry.bits;
  }
  return parts.length === 0 ? '0' : parts.join('|');
}

/** Letters that `letters` takes off a name, at most: `___GFP_`. */
const MOST_PREFIX = 8;

/** The closest name of the kernel, when it is close enough to be a slip (a third of the letters at most). */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const letters = (text: string) => text.replace(/^_+/, '').replace(/^GFP_/, '');
  const wanted = letters(name);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    // The distance is at least the difference in length; a word may be as long as a file.
    if (Math.abs(wanted.length - candidate.length) > bestDistance + MOST_PREFIX) continue;
    // Letters weigh more than underscores: `_GFP_ZERO` is closer to `__GFP_ZERO` than to a different word.
    const distance = editDistance(wanted, letters(candidate)) + Math.abs(leadingUnderscores(name) - leadingUnderscores(candidate)) / 8;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

function leadingUnderscores(name: string): number {
  return name.length - name.replace(/^_+/, '').length;
}
