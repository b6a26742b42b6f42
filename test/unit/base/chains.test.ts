import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Chains } from '../../../server/src/base/chains';

describe('lists by number', () => {
  test('each key has its things in ascending order, whatever their keys', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: -2, max: 19 })), (count, keys) => {
        const keyOf = (thing: number): number => (keys[thing]! < count ? keys[thing]! : -1);
        const chains = new Chains(count, keys.length, keyOf);
        const things = keys.map((_, thing) => thing);
        for (let key = 0; key < count; key++)
          assert.deepEqual(
            [...chains.of(key)],
            things.filter((thing) => keyOf(thing) === key),
          );
      }),
    );
  });

  test('a key beyond the last has nothing', () => {
    assert.equal(new Chains(2, 1, () => 0).first(7), -1);
  });
});
