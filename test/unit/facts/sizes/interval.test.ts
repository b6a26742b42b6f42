import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SizeInterval } from '../../../../server/src/facts/site';
import * as range from '../../../../server/src/facts/sizes/interval';

/** An interval and a number inside it. */
const inside = fc
  .tuple(fc.nat(5000), fc.nat(5000), fc.nat(5000), fc.boolean())
  .map(([min, width, step, open]): { value: number; within: SizeInterval } => ({
    value: open ? min + step : min + (step % (width + 1)),
    within: { min, max: open ? undefined : min + width },
  }));

function holds(result: SizeInterval, value: number): boolean {
  return result.min <= value && (result.max === undefined || value <= result.max);
}

type Operation = readonly [
  name: string,
  intervals: (a: SizeInterval, b: SizeInterval) => SizeInterval,
  numbers: (a: number, b: number) => number | undefined,
];

const OPERATIONS: readonly Operation[] = [
  ['add', range.add, (a, b) => a + b],
  ['subtract', range.subtract, (a, b) => (a < b ? undefined : a - b)],
  ['multiply', range.multiply, (a, b) => a * b],
  ['divide', range.divide, (a, b) => (b === 0 ? undefined : Math.floor(a / b))],
  ['remainder', range.remainder, (a, b) => (b === 0 ? undefined : a % b)],
  ['bitAnd', range.bitAnd, (a, b) => a & b],
  ['bitOr', range.bitOr, (a, b) => a | b],
  ['bitXor', range.bitXor, (a, b) => a ^ b],
  ['clearBits', range.clearBits, (a, b) => a & ~b],
  ['minimum', range.minimum, Math.min],
  ['maximum', range.maximum, Math.max],
  ['alignUp', range.alignUp, (a, b) => (b === 0 ? undefined : Math.ceil(a / b) * b)],
  ['join', range.join, (a) => a],
];

describe('interval arithmetic holds what the numbers give', () => {
  for (const [name, intervals, numbers] of OPERATIONS) {
    it(name, () => {
      fc.assert(
        fc.property(inside, inside, (a, b) => {
          const value = numbers(a.value, b.value);
          if (value !== undefined) assert.ok(holds(intervals(a.within, b.within), value), `${a.value} ${name} ${b.value} = ${value}`);
        }),
      );
    });
  }

  it('shifts', () => {
    fc.assert(
      fc.property(inside, fc.nat(20), (a, bits) => {
        assert.ok(holds(range.shiftLeft(a.within, range.exactly(bits)), a.value * 2 ** bits));
        assert.ok(holds(range.shiftRight(a.within, range.exactly(bits)), Math.floor(a.value / 2 ** bits)));
      }),
    );
  });

  it('gives up beyond 2^53', () => {
    assert.equal(range.multiply(range.exactly(2 ** 40), range.exactly(2 ** 40)).max, undefined);
    assert.deepEqual(range.subtract(range.exactly(3), range.exactly(4)), range.ANY);
  });
});
