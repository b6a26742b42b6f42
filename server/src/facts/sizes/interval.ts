import type { SizeInterval } from '../sizeInterval';

/** Nothing is known of a non-negative integer. */
export const ANY: SizeInterval = { min: 0, max: undefined };

/** A truth value. */
export const BOOLEAN: SizeInterval = { min: 0, max: 1 };

const LIMIT = Number.MAX_SAFE_INTEGER;

/** The interval with these bounds; bounds beyond 2^53 are given up (`max` unbounded, `min` held at 2^53 - 1). */
export function interval(min: number, max: number | undefined): SizeInterval {
  const low = Number.isFinite(min) ? Math.min(Math.max(min, 0), LIMIT) : 0;
  return { min: low, max: max === undefined || !(max <= LIMIT) || max < low ? undefined : max };
}

export function exactly(value: number): SizeInterval {
  return interval(value, value);
}

/** The value of an interval of one number, otherwise undefined. */
export function constantOf(value: SizeInterval): number | undefined {
  return value.min === value.max ? value.min : undefined;
}

export function join(a: SizeInterval, b: SizeInterval): SizeInterval {
  return interval(Math.min(a.min, b.min), a.max === undefined || b.max === undefined ? undefined : Math.max(a.max, b.max));
}

export function add(a: SizeInterval, b: SizeInterval): SizeInterval {
  return interval(a.min + b.min, a.max === undefined || b.max === undefined ? undefined : a.max + b.max);
}

export function multiply(a: SizeInterval, b: SizeInterval): SizeInterval {
  const zero = a.max === 0 || b.max === 0;
  return interval(a.min * b.min, zero ? 0 : a.max === undefined || b.max === undefined ? undefined : a.max * b.max);
}

/** A difference that may wrap around below zero is unknown, not small. */
export function subtract(a: SizeInterval, b: SizeInterval): SizeInterval {
  if (b.max === undefined || a.min < b.max) return ANY;
  return interval(a.min - b.max, a.max === undefined ? undefined : a.max - b.min);
}

export function divide(a: SizeInterval, b: SizeInterval): SizeInterval {
  const min = b.max === undefined ? 0 : b.max === 0 ? 0 : Math.floor(a.min / b.max);
  return interval(min, a.max === undefined ? undefined : Math.floor(a.max / Math.max(b.min, 1)));
}

export function remainder(a: SizeInterval, b: SizeInterval): SizeInterval {
  const [left, right] = [constantOf(a), constantOf(b)];
  if (left !== undefined && right !== undefined && right > 0) return exactly(left % right);
  const bound = b.max === undefined || b.max === 0 ? undefined : b.max - 1;
  return interval(0, lesser(bound, a.max));
}

export function shiftLeft(a: SizeInterval, b: SizeInterval): SizeInterval {
  return multiply(a, powerOfTwo(b));
}

export function shiftRight(a: SizeInterval, b: SizeInterval): SizeInterval {
  return divide(a, powerOfTwo(b));
}

function powerOfTwo(exponent: SizeInterval): SizeInterval {
  return interval(2 ** exponent.min, exponent.max === undefined ? undefined : 2 ** exponent.max);
}

export function bitAnd(a: SizeInterval, b: SizeInterval): SizeInterval {
  return exactBits(a, b, (x, y) => x & y) ?? interval(0, lesser(a.max, b.max));
}

export function bitOr(a: SizeInterval, b: SizeInterval): SizeInterval {
  return exactBits(a, b, (x, y) => x | y) ?? interval(Math.max(a.min, b.min), add(a, b).max);
}

export function bitXor(a: SizeInterval, b: SizeInterval): SizeInterval {
  return exactBits(a, b, (x, y) => x ^ y) ?? interval(0, add(a, b).max);
}

/** `a & ~b`: clears bits, so it is at most `a` and at least `a - b`. */
export function clearBits(a: SizeInterval, b: SizeInterval): SizeInterval {
  return exactBits(a, b, (x, y) => x & ~y) ?? interval(b.max === undefined ? 0 : a.min - b.max, a.max);
}

function exactBits(a: SizeInterval, b: SizeInterval, operation: (x: bigint, y: bigint) => bigint): SizeInterval | undefined {
  const [left, right] = [constantOf(a), constantOf(b)];
  return left === undefined || right === undefined ? undefined : exactly(Number(operation(BigInt(left), BigInt(right))));
}

export function minimum(a: SizeInterval, b: SizeInterval): SizeInterval {
  return interval(Math.min(a.min, b.min), lesser(a.max, b.max));
}

export function maximum(a: SizeInterval, b: SizeInterval): SizeInterval {
  return interval(Math.max(a.min, b.min), a.max === undefined || b.max === undefined ? undefined : Math.max(a.max, b.max));
}

/** Whether a value is not 0. */
export function truth(value: SizeInterval): SizeInterval {
  return value.min > 0 ? exactly(1) : value.max === 0 ? exactly(0) : BOOLEAN;
}

export function not(value: SizeInterval): SizeInterval {
  const { min, max } = truth(value);
  return interval(1 - (max ?? 1), 1 - min);
}

/** Both bounds through a function that never decreases. */
export function monotone(value: SizeInterval, map: (bound: number) => number): SizeInterval {
  return interval(map(value.min), value.max === undefined ? undefined : map(value.max));
}

export function alignUp(value: SizeInterval, alignment: SizeInterval): SizeInterval {
  const step = constantOf(alignment);
  if (step !== undefined && step > 0) return monotone(value, (bound) => Math.ceil(bound / step) * step);
  return interval(
    value.min,
    value.max === undefined || alignment.max === undefined ? undefined : value.max + Math.max(alignment.max - 1, 0),
  );
}

function lesser(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
