/**
 * A GFP mask of which some flags are known: the lattice value of every mask expression.
 *
 * Bit i stands for the i-th name of the model's flag table (`FlagTable.names`), never for a kernel bit number. A flag is
 * known to be set (in `set`), known to be clear (in `clear`) or unknown (in neither). `set & clear` is always 0.
 */
export interface Mask {
  readonly set: number;
  readonly clear: number;
}

/** Nothing is known. */
export const UNKNOWN: Mask = { set: 0, clear: 0 };

/** The mask 0: every flag is known to be clear. */
export const EMPTY: Mask = { set: 0, clear: -1 };

/** The constant with exactly these flags set. */
export function exactly(set: number): Mask {
  return { set, clear: ~set };
}

export function isExact(mask: Mask): boolean {
  return (mask.set | mask.clear) === -1;
}

export function equal(a: Mask, b: Mask): boolean {
  return a.set === b.set && a.clear === b.clear;
}

/** What is known of a value that is one of the two. */
export function join(a: Mask, b: Mask): Mask {
  return { set: a.set & b.set, clear: a.clear & b.clear };
}

export function or(a: Mask, b: Mask): Mask {
  return { set: a.set | b.set, clear: a.clear & b.clear };
}

export function and(a: Mask, b: Mask): Mask {
  return { set: a.set & b.set, clear: a.clear | b.clear };
}

export function not(a: Mask): Mask {
  return { set: a.clear, clear: a.set };
}

/** What is known of a value known to fulfil both (a test on an edge); contradictions are resolved in favour of `b`. */
export function refine(a: Mask, b: Mask): Mask {
  return { set: (a.set & ~b.clear) | b.set, clear: (a.clear & ~b.set) | b.clear };
}

/** Whether all flags of `bits` are known set (true), one of them is known clear (false), or neither (undefined). */
export function hasAll(mask: Mask, bits: number): boolean | undefined {
  if ((mask.set & bits) === bits) return true;
  return (mask.clear & bits) !== 0 ? false : undefined;
}

/** Whether some flag of `bits` is known set (true), all are known clear (false), or neither (undefined). */
export function hasAny(mask: Mask, bits: number): boolean | undefined {
  if ((mask.set & bits) !== 0) return true;
  return (mask.clear & bits) === bits ? false : undefined;
}
