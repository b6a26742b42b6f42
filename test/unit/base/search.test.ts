import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstThat } from '../../../server/src/base/search';

test('the first number for which something holds is found as by going through all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: -1, max: 21 }), (numbers, limit) => {
      const sorted = numbers.sort((a, b) => a - b);
      const index = sorted.findIndex((number) => number >= limit);
      assert.equal(
        firstThat(0, sorted.length, (at) => sorted[at]! >= limit),
        index < 0 ? sorted.length : index,
      );
    }),
  );
});
