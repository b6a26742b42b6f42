import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Shard } from '../../../../server/src/program/link/shard';
import { ShardBlocks } from '../../../../server/src/program/link/shardBlocks';

const shards = fc.array(
  fc.record({
    names: fc.uint8Array({ maxLength: 30 }),
    nameCount: fc.nat(9),
    data: fc.int32Array({ maxLength: 20 }),
    starts: fc.array(fc.nat(19), { maxLength: 3 }),
  }),
  { maxLength: 12 },
);

test('kept shards are what they were, whatever becomes of the first ones', () => {
  fc.assert(
    fc.property(shards, (given: readonly Shard[]) => {
      const blocks = new ShardBlocks();
      const expected = structuredClone(given);
      const kept = given.map((shard) => blocks.keep(shard));
      for (const { data, names } of given) {
        data.fill(-1);
        names.fill(255);
      }
      assert.deepEqual(kept, expected);
    }),
  );
});

test('one that is larger than a block has one of its own', () => {
  const blocks = new ShardBlocks();
  const large = { names: new Uint8Array(3), nameCount: 1, data: new Int32Array(3 << 20).fill(7), starts: [0] };
  const [first, second] = [blocks.keep(large), blocks.keep({ ...large, data: Int32Array.of(1, 2) })];
  assert.deepEqual([first.data.length, first.data.at(-1), [...second.data]], [3 << 20, 7, [1, 2]]);
});
