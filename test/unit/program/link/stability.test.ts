import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { linkTree, type TreeFiles, verdictLines } from '../../../support/linkedTree';
import { randomTree } from '../../../support/randomTree';

const linesOf = (files: TreeFiles, shards: number) => verdictLines(linkTree(files, { shards }));

/** Threads finish when they like: what is said of a tree must not depend on it. */
describe('the verdicts of a tree are the same', () => {
  test('in whatever order its files arrive', () => {
    fc.assert(
      fc.property(
        randomTree.chain((files) =>
          fc.tuple(fc.constant(files), fc.shuffledSubarray(Object.keys(files), { minLength: Object.keys(files).length })),
        ),
        ([files, order]) => {
          const shuffled = Object.fromEntries(order.map((path) => [path, files[path]!]));
          assert.deepEqual(linesOf(shuffled, 1), linesOf(files, 1));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('however its files are split over shards', () => {
    fc.assert(
      fc.property(randomTree, fc.integer({ min: 2, max: 4 }), (files, shards) => {
        assert.deepEqual(linesOf(files, shards), linesOf(files, 1));
      }),
      { numRuns: 150 },
    );
  });

  test('and the random trees hold verdicts of several kinds, through several files', () => {
    const lines = fc.sample(randomTree, { numRuns: 200, seed: 1 }).flatMap((files) => linesOf(files, 1));
    for (const part of [
      ' atomic definite: ',
      ' atomic possible: ',
      ' may-sleep definite: ',
      ' no-fs possible: ',
      'calls',
      'registered here',
      'is passed to',
    ])
      assert.ok(
        lines.some((line) => line.includes(part)),
        part,
      );
  });
});
