import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Stretches } from '../../../server/src/program/stretches';

const row = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

describe('work in stretches', () => {
  test('two workers go through their own halves', () => {
    const stretches = new Stretches(row(6), 2);
    assert.deepEqual([stretches.take(0), stretches.take(1), stretches.take(0), stretches.take(1)], [0, 3, 1, 4]);
  });

  test('who is done takes from the far end of the longest stretch of the others', () => {
    const stretches = new Stretches(row(9), 3);
    for (const expected of [0, 1, 2]) assert.equal(stretches.take(0), expected);
    assert.equal(stretches.take(1), 3);
    assert.deepEqual([stretches.take(0), stretches.take(0), stretches.take(0)], [8, 5, 7]);
    assert.equal(stretches.isEmpty, false);
    assert.deepEqual(stretches.takeAll(), [4, 6]);
    assert.equal(stretches.isEmpty, true);
    assert.equal(stretches.take(1), undefined);
  });

  test('whoever asks when, all is handed out once', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.nat()), (length, workers, turns) => {
        const stretches = new Stretches(row(length), workers);
        const taken: number[] = [];
        for (const turn of turns) {
          const next = stretches.take(turn % workers);
          if (next === undefined) break;
          taken.push(next);
        }
        assert.deepEqual(
          taken.sort((a, b) => a - b),
          row(length),
        );
        assert.equal(stretches.isEmpty, true);
      }),
    );
  });
});
