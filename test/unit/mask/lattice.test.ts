import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Mask } from '../../../server/src/mask/index';
import { and, EMPTY, equal, exactly, hasAll, hasAny, isExact, join, not, or, refine, UNKNOWN } from '../../../server/src/mask/index';

/** All knowledge about a universe of `flags` flags; bits outside of it are known clear. */
function universe(flags: number): Mask[] {
  const all = (1 << flags) - 1;
  const masks: Mask[] = [];
  for (let set = 0; set <= all; set++) {
    for (let clear = 0; clear <= all; clear++) if ((set & clear) === 0) masks.push({ set, clear: clear | ~all });
  }
  return masks;
}

/** The values a mask stands for. */
function values(mask: Mask, flags: number): number[] {
  const found: number[] = [];
  for (let value = 0; value < 1 << flags; value++) if ((value & mask.set) === mask.set && (value & mask.clear) === 0) found.push(value);
  return found;
}

/** The most that can be said of a set of values: the best possible answer of any operation. */
function best(concrete: readonly number[], flags: number): Mask {
  const all = (1 << flags) - 1;
  const set = concrete.reduce((bits, value) => bits & value, all);
  const clear = concrete.reduce((bits, value) => bits & ~value, all);
  return { set, clear: clear | ~all };
}

const inUniverse = (mask: Mask, flags: number): Mask => ({ set: mask.set, clear: mask.clear | ~((1 << flags) - 1) });

for (let flags = 1; flags <= 4; flags++) {
  const masks = universe(flags);
  const all = (1 << flags) - 1;

  test(`${flags} flags: there are three states per flag and each stands for the right values`, () => {
    assert.equal(masks.length, 3 ** flags);
    for (const mask of masks) assert.deepEqual(best(values(mask, flags), flags), mask);
  });

  test(`${flags} flags: or, and, join are sound and lose nothing`, () => {
    for (const a of masks) {
      for (const b of masks) {
        const pairs = values(a, flags).flatMap((x) => values(b, flags).map((y): [number, number] => [x, y]));
        const ored = pairs.map(([x, y]) => x | y);
        const anded = pairs.map(([x, y]) => x & y);
        assert.deepEqual(or(a, b), best(ored, flags));
        assert.deepEqual(and(a, b), best(anded, flags));
        assert.deepEqual(join(a, b), best([...values(a, flags), ...values(b, flags)], flags));
      }
    }
  });

  test(`${flags} flags: not is exact`, () => {
    for (const mask of masks) {
      const complement = values(mask, flags).map((value) => ~value & all);
      assert.deepEqual(inUniverse({ set: not(mask).set & all, clear: not(mask).clear }, flags), best(complement, flags));
    }
  });

  test(`${flags} flags: refine keeps exactly the values that fulfil both, and follows the newer fact on a contradiction`, () => {
    for (const a of masks) {
      for (const b of masks) {
        const both = values(a, flags).filter((value) => values(b, flags).includes(value));
        const refined = refine(a, b);
        if (both.length > 0) assert.deepEqual(refined, best(both, flags));
        assert.equal(refined.set & refined.clear, 0);
        assert.equal(refined.set & b.set, b.set);
        assert.equal(refined.clear & b.clear, b.clear);
      }
    }
  });

  test(`${flags} flags: hasAll and hasAny answer exactly when all values agree`, () => {
    const agreed = (answers: readonly boolean[]) => (answers.every(Boolean) ? true : answers.some(Boolean) ? undefined : false);
    for (const mask of masks) {
      for (let bits = 1; bits <= all; bits++) {
        const concrete = values(mask, flags);
        assert.equal(hasAny(mask, bits), agreed(concrete.map((value) => (value & bits) !== 0)));
        assert.equal(hasAll(mask, bits), agreed(concrete.map((value) => (value & bits) === bits)));
      }
    }
  });
}

const anyMask = fc.tuple(fc.integer(), fc.integer()).map(([set, clear]): Mask => ({ set: set & ~clear, clear }));

test('32 flags: the algebra holds', () => {
  fc.assert(
    fc.property(anyMask, anyMask, anyMask, (a, b, c) => {
      assert.ok(equal(or(a, b), or(b, a)));
      assert.ok(equal(and(a, b), and(b, a)));
      assert.ok(equal(join(a, b), join(b, a)));
      assert.ok(equal(join(join(a, b), c), join(a, join(b, c))));
      assert.ok(equal(join(a, a), a));
      assert.ok(equal(not(not(a)), a));
      assert.ok(equal(not(or(a, b)), and(not(a), not(b))));
      for (const result of [or(a, b), and(a, b), not(a), join(a, b), refine(a, b)]) assert.equal(result.set & result.clear, 0);
    }),
  );
});

test('32 flags: operations agree with the numbers on every value inside', () => {
  const valueInside = (mask: Mask, choice: number) => mask.set | (choice & ~mask.clear & ~mask.set);
  fc.assert(
    fc.property(anyMask, anyMask, fc.integer(), fc.integer(), (a, b, x, y) => {
      const [left, right] = [valueInside(a, x), valueInside(b, y)];
      const holds = (mask: Mask, value: number) => (value & mask.set) === mask.set && (value & mask.clear) === 0;
      assert.ok(holds(or(a, b), left | right));
      assert.ok(holds(and(a, b), left & right));
      assert.ok(holds(not(a), ~left));
      assert.ok(holds(join(a, b), left) && holds(join(a, b), right));
    }),
  );
});

test('constants', () => {
  assert.ok(isExact(EMPTY) && isExact(exactly(0b101)) && !isExact(UNKNOWN));
  assert.ok(equal(exactly(0), EMPTY));
  assert.ok(equal(join(UNKNOWN, EMPTY), UNKNOWN));
});
