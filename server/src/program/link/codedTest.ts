/** Bits of the code of a name, as shard.ts makes it. */
export const CODE_BITS = 24;

/**
 * What conditions say of values stands among the guards too, and constants that are ORed together among what is passed on: as numbers from here on. With {@link MEMBER_BIT}
 * 14 bits for the member, 14 for the constant; else 4 bits for the parameter or position, 24 for the constant.
 */
export const VALUE_BASE = 1 << 29;
const MEMBER_BIT = 1 << 30;
const PARAMETER_SHIFT = 24;
const PARAMETER_MASK = 15;
const EQUAL_BIT = 1 << 28;
const SHORT_BITS = 14;
const SHORT_MASK = (1 << SHORT_BITS) - 1;

/** A test of a value, or a flag that is passed. `place`: which member or which bit; equal numbers are the same one. */
export interface CodedTest {
  readonly place: number;
  /** The code of the constant; for a bit, whose place names it, 1. */
  readonly constant: number;
  readonly equal: boolean;
}

/** The place of a bit of a parameter, as {@link CodedTest} has it. */
export function flagPlace(parameter: number, code: number): number {
  return VALUE_BASE | ((parameter & PARAMETER_MASK) << PARAMETER_SHIFT) | code;
}

/** The parameter whose bit the place is, or -1 where it is a member. */
export function parameterOfPlace(place: number): number {
  return (place & MEMBER_BIT) !== 0 ? -1 : (place >> PARAMETER_SHIFT) & PARAMETER_MASK;
}

/** The code of the constant that names a bit. */
export function flagOfPlace(place: number): number {
  return place & ((1 << CODE_BITS) - 1);
}

/** The test that a number stands for. */
export function testOf(value: number): CodedTest {
  if ((value & MEMBER_BIT) === 0) return { place: value & ~EQUAL_BIT, constant: 1, equal: (value & EQUAL_BIT) !== 0 };
  return { place: value & ~(SHORT_MASK << 1) & ~1, constant: (value >> 1) & SHORT_MASK, equal: (value & 1) !== 0 };
}

/** The test of a bit of a parameter. */
export function flagTest(parameter: number, code: number, equal: boolean): number {
  return flagPlace(parameter, code) | (equal ? EQUAL_BIT : 0);
}

/** The test of a member, by the codes of its name and of the constant. */
export function memberTest(member: number, constant: number, equal: boolean): number {
  return MEMBER_BIT | ((member & SHORT_MASK) << (SHORT_BITS + 1)) | ((constant & SHORT_MASK) << 1) | (equal ? 1 : 0);
}
