import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { makeBatches } from '../../../server/src/program/batches';

const entries = fc.array(fc.record({ path: fc.string(), size: fc.nat(3_000_000) }), { maxLength: 300 });

describe('batches', () => {
  test('hold every entry once, the biggest first', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), (list, jobs) => {
        const flat = makeBatches(list, jobs).flat();
        assert.deepEqual(new Set(flat), new Set(list));
        assert.equal(flat.length, list.length);
        assert.deepEqual(
          flat.map((entry) => entry.size),
          list.map((entry) => entry.size).sort((a, b) => b - a),
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

  test('a huge file is a batch of its own', () => {
    const batches = makeBatches([{ size: 10 }, { size: 9_000_000 }, { size: 20 }], 2);
    assert.deepEqual(batches[0], [{ size: 9_000_000 }]);
  });
});
