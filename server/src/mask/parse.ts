import type { MaskReading } from '../kernel/explain/explanation';
import { flagNames } from '../kernel/explain/lists';
import { evaluateMask } from '../kernel/maskExpression';
import type { FlagNumbers, FlagTable, KernelModel, NumberLayout } from '../kernel/model';

/** A mask read from text a person typed or pasted. */
export interface ParsedMask {
  /** The part of the input that is the mask: `0x40dc0`, `GFP_KERNEL|__GFP_NOWARN`. */
  readonly text: string;
  /** The kernel number, when the mask was given as one. */
  readonly number: number | undefined;
  /** Lattice bits of the likeliest reading. */
  readonly bits: number;
  readonly unknownBits: number;
  /** All readings when the configuration is unknown and decides; otherwise one or none. */
  readonly readings: readonly MaskReading[];
  /** The names a log prints beside the number. */
  readonly printed: string | undefined;
  /** `order:3` of the same log line. */
  readonly order: number | undefined;
}

export interface MaskTextError {
  /** One line for people. */
  readonly error: string;
}

const LARGEST = 0xffffffff;
/** `mode:0x40dc0(GFP_KERNEL|...)`, `gfp_mask=0xcc0(GFP_KERNEL)`, `gfp_flags=GFP_KERNEL|__GFP_ZERO`. */
const LOG_MASK = /\b(?:mode|gfp_mask|gfp_flags|gfp)\s*[:=]\s*(0[xX][0-9a-fA-F]+|_*GFP_[\w|]*)\s*(?:\(([^)]*)\))?/;
const LOG_ORDER = /\border\s*[:=]\s*(\d+)/;
const NUMBER_AND_NAMES = /^\s*(0[xX][0-9a-fA-F]+)\s*\(([^)]*)\)\s*$/;
const NO_READINGS: readonly MaskReading[] = [];
const BARE_NUMBER = /^(?:0[xX][0-9a-fA-F]+|\d+)$/;
const NUMBER = /^\s*(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\s*$/;

/**
 * Reads a mask: names with `|`, `&`, `~` and parentheses, a hexadecimal or decimal number, both, or a whole log line that contains one. Never throws.
 */
export function parseMaskText(model: KernelModel, input: string): ParsedMask | MaskTextError {
  // Most questions are bare numbers, and there may be a million of them.
  if (BARE_NUMBER.test(input)) return fromNumber(model, input, undefined, undefined);
  const order = LOG_ORDER.exec(input);
  const orderNumber = order === null ? undefined : Number(order[1]);
  const { source, printed } = maskPart(input);
  const number = NUMBER.exec(source);
  return number === null ? fromExpression(model, source, orderNumber) : fromNumber(model, number[1]!, printed, orderNumber);
}

/** The number in a text that gives the mask as one, and the names a log prints beside it; undefined when there is no such number. */
export function numberIn(input: string): { readonly number: number; readonly printed: string | undefined } | undefined {
  const { source, printed } = maskPart(input);
  const match = NUMBER.exec(source);
  const number = match === null ? Number.NaN : Number(match[1]);
  return number <= LARGEST ? { number, printed: printed?.trim() } : undefined;
}

function maskPart(input: string): { readonly source: string; readonly printed: string | undefined } {
  const both = NUMBER_AND_NAMES.exec(input);
  if (both !== null) return { source: both[1]!, printed: both[2] };
  const log = LOG_MASK.exec(input);
  return log === null ? { source: input, printed: undefined } : { source: log[1]!, printed: log[2] };
}

function fromNumber(model: KernelModel, text: string, printed: string | undefined, order: number | undefined): ParsedMask | MaskTextError {
  const number = Number(text);
  if (number > LARGEST) return { error: `${text}: a mask has 32 bits` };
  const { preferred, certain, settled } = model.numbers;
  if (certain || (number & ~settled) === 0) {
    return {
      text,
      number,
      bits: preferred.fromNumber(number),
      unknownBits: preferred.unknownBits(number),
      readings: NO_READINGS,
      printed,
      order,
    };
  }
  const fitting = printed === undefined ? completeLayouts(model, number) : layoutsPrinting(model, number, printed);
  const readings = fitting.map(
    (layout): MaskReading => ({ config: layout.config, flags: flagNames(model.flags, layout.fromNumber(number)) }),
  );
  const layout = fitting[0]!;
  return { text, number, bits: layout.fromNumber(number), unknownBits: layout.unknownBits(number), readings, printed, order };
}

/** Layouts that print the number as the log did, or else those of {@link completeLayouts}. */
function layoutsPrinting(model: KernelModel, number: number, printed: string): readonly NumberLayout[] {
  const same = model.numbers.layouts.filter((layout) => layout.print(number) === printed.trim() && layout.unknownBits(number) === 0);
  return same.length > 0 ? distinct(same, (layout) => layout.fromNumber(number)) : completeLayouts(model, number);
}

const complete = new WeakMap<FlagNumbers, Map<number, readonly NumberLayout[]>>();

/**
 * Layouts that have a name for every bit of the number and read it differently, the likeliest first; the preferred one where no layout has all the names.
 * The bits that depend on the layout decide, so that there are few different answers.
 */
function completeLayouts({ numbers }: KernelModel, number: number): readonly NumberLayout[] {
  const { layouts, preferred, settled } = numbers;
  if (preferred.unknownBits((number & settled) >>> 0) !== 0) return [preferred];
  const open = (number & ~settled) >>> 0;
  let known = complete.get(numbers);
  if (known === undefined) complete.set(numbers, (known = new Map()));
  let found = known.get(open);
  if (found === undefined) {
    const named = layouts.filter((layout) => layout.unknownBits(open) === 0);
    found = named.length === 0 ? [preferred] : distinct(named, (layout) => layout.fromNumber(open));
    known.set(open, found);
  }
  return found;
}

function fromExpression(model: KernelModel, text: string, order: number | undefined): ParsedMask | MaskTextError {
  const source = text.trim();
  if (source === '') return { error: 'no mask given' };
  const { layouts, preferred } = model.numbers;
  const names = model.flags.names.reduce((bits, _, index) => bits | (1 << index), 0);
  let unknownBits = 0;
  let tooLarge = false;
  const bits = evaluateMask(
    source,
    (name) => model.flags.bits(model.flags.plainName(name)),
    (number) => {
      tooLarge ||= number > LARGEST;
      unknownBits |= preferred.unknownBits(number);
      return preferred.fromNumber(number);
    },
  );
  if (tooLarge) return { error: 'a mask has 32 bits' };
  if (bits === undefined) return { error: whyNot(model.flags, source) };
  const known = bits & names;
  const readings = distinct(layouts, (layout) => layout.toNumber(known)).map(
    (layout): MaskReading => ({ config: layout.config, hex: `0x${layout.toNumber(known).toString(16)}` }),
  );
  return {
    text: source,
    number: unknownBits === 0 ? undefined : (preferred.toNumber(known) | unknownBits) >>> 0,
    bits: known,
    unknownBits: unknownBits >>> 0,
    readings,
    printed: undefined,
    order,
  };
}

/** Why an expression has no value: the first name that the kernel does not have, or the syntax. */
function whyNot(flags: FlagTable, source: string): string {
  for (const match of source.matchAll(/(?<![0-9])[A-Za-z_]\w*/g)) {
    const name = match[0];
    if (/^(__force|gfp_t|unsigned|int|[uUlL]+|0[xX].*)$/.test(name) || flags.bits(flags.plainName(name)) !== undefined) continue;
    const absent = flags.absent(name);
    if (absent !== undefined) {
      const when = absent.kind === 'removed' ? `was removed in ${absent.release}` : `came with ${absent.release}`;
      const instead = absent.successor === undefined ? '' : `; use ${absent.successor}`;
      return `${name} ${when}${instead} (${absent.note})`;
    }
    const suggestion = flags.suggest(name);
    return suggestion === undefined
      ? `${name}: not a GFP flag of this kernel`
      : `${name}: not a GFP flag of this kernel; did you mean ${suggestion}?`;
  }
  return `cannot read "${source}" as a mask: write names or numbers joined with |, & and ~`;
}

function distinct<T>(items: readonly T[], key: (item: T) => number): T[] {
  const seen = new Set<number>();
  return items.filter((item) => {
    const value = key(item);
    if (seen.has(value)) return false;
    seen.add(value);
    return true;
  });
}
