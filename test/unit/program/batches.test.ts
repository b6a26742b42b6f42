import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { makeBatches } from '../../../server/src/program/batches';

const entries = fc.array(fc.record({ path: fc.string(), size: fc.nat(3_000_000) }), { maxLength: 300 });

describe('batches', () => {
  test('hold every entry once, in the order of their paths', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), (list, jobs) => {
        const flat = makeBatches(list, jobs).flat();
        assert.deepEqual(new Set(flat), new Set(list));
        assert.equal(flat.length, list.length);
        assert.deepEqual(
          flat.map((entry) => entry.path),
          list.map((entry) => entry.path).sort(),
        );
      }),
    );
  });

  test('are never empty and small enough to share the work', () => {
    const list = Array.from({ length: 2000 }, (_, i) => ({ path: `${i}`, size: 1000 + i }));
    const batches = makeBatches(list, 4);
    assert.ok(batches.length >= 32);
    assert.ok(batches.every((batch) => batch.length > 0 && batch.length <= 256));
  });

  test('nothing stands behind a huge file in its batch', () => {
    const [a, b, c] = [
      { path: 'a', size: 10 },
      { path: 'b', size: 9_000_000 },
      { path: 'c', size: 20 },
    ];
    assert.deepEqual(makeBatches([c, a, b], 2), [[a, b], [c]]);
  });
});
