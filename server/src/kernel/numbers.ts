import { isEnabled } from './config';
import type { FlagDefinitions } from './flagDefinitions';
import { namesOf } from './flagDefinitions';
import type { FlagNumbers, KernelConfig, NumberLayout } from './model';

/** Options that distribution kernels switch on; assumed where no configuration is known. */
const ON_BY_DEFAULT = new Set(['CONFIG_SLAB_OBJ_EXT']);

/** The kernel's numbers for the flags: one layout when the configuration is known, otherwise one per combination of the options that move bits. */
export function flagNumbers(definitions: FlagDefinitions, config: KernelConfig | undefined): FlagNumbers {
  const options = [...new Set(definitions.flags.flatMap((flag) => (flag.config === undefined ? [] : [flag.config])))].sort();
  const on = options.filter((option) => isEnabled(config, option) === true);
  const open = options.filter((option) => isEnabled(config, option) === undefined);
  const layouts = combinations(open).map((enabled) => numberLayout(definitions, options, new Set([...on, ...enabled])));
  return { layouts, preferred: layouts[0]!, certain: layouts.length === 1, settled: settledBits(layouts) };
}

function settledBits(layouts: readonly NumberLayout[]): number {
  let settled = 0;
  for (let position = 0; position < 32; position++) {
    const bit = (1 << position) >>> 0;
    if (layouts.every((layout) => layout.fromNumber(bit) === layouts[0]!.fromNumber(bit))) settled |= bit;
  }
  return settled >>> 0;
}

/** All subsets, the default one first, then by how many options differ from it. */
function combinations(options: readonly string[]): Set<string>[] {
  const subsets: { enabled: Set<string>; distance: number }[] = [];
  for (let choice = 0; choice < 1 << options.length; choice++) {
    const enabled = new Set(options.filter((_, index) => (choice & (1 << index)) !== 0));
    const distance = options.filter((option) => enabled.has(option) !== ON_BY_DEFAULT.has(option)).length;
    subsets.push({ enabled, distance });
  }
  return subsets.sort((a, b) => a.distance - b.distance).map((subset) => subset.enabled);
}

function numberLayout(definitions: FlagDefinitions, options: readonly string[], enabled: ReadonlySet<string>): NumberLayout {
  const values = flagValues(definitions, enabled);
  const table = printTable(definitions, values);
  let known = 0;
  let absent = 0;
  values.forEach((value, index) => {
    known |= value;
    if (value === 0) absent |= 1 << index;
  });
  return {
    config: options.map((option) => `${option}=${enabled.has(option) ? 'y' : 'n'}`).join(' '),
    absent,
    toNumber: (bits) => toNumber(values, bits),
    fromNumber: numberReader(values),
    unknownBits: (number) => (number & ~known) >>> 0,
    print: (number) => printNumber(table, number),
  };
}

function toNumber(values: readonly number[], bits: number): number {
  let number = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) number |= values[31 - Math.clz32(rest & -rest)] ?? 0;
  return number >>> 0;
}

/** Lattice bits of a number, from a table for each of its four bytes: a million questions may be asked. */
function numberReader(values: readonly number[]): (number: number) => number {
  const tables = [0, 8, 16, 24].map((first) => {
    const table = new Uint32Array(256);
    for (let byte = 0; byte < 256; byte++) table[byte] = bitsOfNumber(values, (byte << first) >>> 0);
    return table;
  }) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const [first, second, third, fourth] = tables;
  return (number) => first[number & 0xff]! | second[(number >>> 8) & 0xff]! | third[(number >>> 16) & 0xff]! | fourth[number >>> 24]!;
}

function bitsOfNumber(values: readonly number[], number: number): number {
  let bits = 0;
  for (let index = 0; index < values.length; index++) if ((number & values[index]!) !== 0) bits |= 1 << index;
  return bits;
}

/** The kernel's value of each named flag; 0 for a flag whose option is off. */
function flagValues(definitions: FlagDefinitions, enabled: ReadonlySet<string>): number[] {
  const values: number[] = [];
  let position = 0;
  for (const flag of definitions.flags) {
    const present = flag.config === undefined || enabled.has(flag.config);
    const value = present ? (flag.value ?? (1 << position) >>> 0) : 0;
    if (flag.value === undefined && present) position++;
    if (flag.name !== '' && values.length < 32) values.push(value);
  }
  return values;
}

interface PrintEntry {
  readonly name: string;
  readonly value: number;
}

function printTable(definitions: FlagDefinitions, values: readonly number[]): PrintEntry[] {
  const names = namesOf(definitions.flags);
  const valueByName = new Map<string, number>(names.map((name, index) => [name, values[index]!]));
  for (const composite of definitions.composites) {
    valueByName.set(
      composite.name,
      values.reduce((number, value, index) => (composite.bits & (1 << index) ? number | value : number), 0) >>> 0,
    );
  }
  return definitions.printOrder.map((name) => ({ name, value: valueByName.get(name) ?? 0 })).filter((entry) => entry.value !== 0);
}

/**
 * What `%pGg` prints: one walk over the table, each entry that is fully contained is named and removed, the rest follows as one hexadecimal
 * number (format_flags() and flags_string() in lib/vsprintf.c, 4.6 and later). 0 prints nothing.
 */
function printNumber(table: readonly PrintEntry[], number: number): string {
  let text = '';
  let rest = number >>> 0;
  for (let index = 0; index < table.length && rest !== 0; index++) {
    const { name, value } = table[index]!;
    if ((rest & value) >>> 0 !== value) continue;
    text = text === '' ? name : `${text}|${name}`;
    rest = (rest & ~value) >>> 0;
  }
  if (rest === 0) return text;
  const left = `0x${rest.toString(16)}`;
  return text === '' ? left : `${text}|${left}`;
}
