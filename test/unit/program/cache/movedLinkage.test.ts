import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareLinkage, moveVerdicts } from '../../../../server/src/program/cache/movedLinkage';
import type { Shard } from '../../../../server/src/program/link/shard';
import { endOfFile, keepFiles } from '../../../../server/src/program/link/shardWalk';
import { linkTree, shardsOf, type TreeFiles, verdictLines } from '../../../support/linkedTree';
import { randomTree } from '../../../support/randomTree';

const shardOf = (files: TreeFiles): Shard => shardsOf(files, 1, new Map())[0]!;

/** Compares two texts of one file. */
function compared(before: string, after: string): ReturnType<typeof compareLinkage> {
  // Another file first, so that the names have other numbers.
  const [old, now] = [shardOf({ 'a.c': before }), shardOf({ 'z.c': 'void zed(void)\n{\n\tother();\n}\n', 'a.c': after })];
  return compareLinkage({ shard: old, start: old.starts[0]! }, { shard: now, start: now.starts[1]! });
}

const LOCKED = `void fill(struct ring *r, int can_sleep)
{
	spin_lock(&r->lock);
	if (can_sleep)
		grow(r, 0);
	spin_unlock(&r->lock);
}
static const struct net_device_ops ops = { .ndo_open = fill };
`;

describe('two texts of a file', () => {
  test('are the same to the tree with other comments of the same length', () => {
    assert.equal(compared(`/* a */ ${LOCKED}`, `/* b */ ${LOCKED}`), 'same');
  });

  test('are the same at other places with a line more', () => {
    const moved = compared(LOCKED, LOCKED.replace('\tspin_lock', '\tint x;\n\n\tspin_lock'));
    assert.ok(typeof moved === 'object');
    const at = LOCKED.indexOf('grow');
    assert.deepEqual([moved.get(0), moved.get(at)], [undefined, at + '\tint x;\n\n'.length]);
  });

  for (const [what, from, to] of [
    ['lock', 'spin_', 'mutex_'],
    ['instance of the lock', '&r->lock', '&r->item'],
    ['callee', 'grow', 'glow'],
    ['constant argument', 'grow(r, 0)', 'grow(r, 1)'],
    ['condition', 'if (can_sleep)', 'if (!can_sleep)'],
    ['name of the function', 'void fill', 'void full'],
    ['linkage', 'void fill', 'static void fill'],
    ['member of the table', '.ndo_open', '.ndo_stop'],
    ['table', 'struct net_device_ops', 'struct file_operations'],
  ] as const) {
    test(`are different with another ${what}`, () => {
      assert.ok(LOCKED.includes(from));
      assert.equal(compared(LOCKED, LOCKED.replaceAll(from, to)), 'different');
    });
  }
});

test('verdicts whose places are moved are those of the moved texts', () => {
  fc.assert(
    fc.property(randomTree, fc.nat(), (files, which) => {
      const paths = Object.keys(files);
      const path = paths[which % paths.length]!;
      const after = { ...files, [path]: `/* more */\n${files[path]!.replaceAll(';\n', ';\n\n')}` };
      const [old, now] = [shardOf({ [path]: files[path]! }), shardOf({ [path]: after[path]! })];
      const moved = compareLinkage({ shard: old, start: old.starts[0]! }, { shard: now, start: now.starts[0]! });
      assert.ok(typeof moved === 'object');
      const linked = linkTree(after);
      const verdicts = moveVerdicts(linkTree(files).verdicts, new Map([[path, moved]]));
      assert.deepEqual(verdictLines({ ...linked, verdicts: verdicts! }), verdictLines(linked));
    }),
    { numRuns: 150 },
  );
});

test('verdicts at places nobody knows any more are not moved', () => {
  const { verdicts } = linkTree({ 'a.c': `${LOCKED}int grow(struct ring *r, int n)\n{\n\tr->p = kmalloc(8, GFP_KERNEL);\n}\n` });
  assert.equal(verdicts.size, 1);
  assert.equal(moveVerdicts(verdicts, new Map([['a.c', new Map()]])), undefined);
});

test('the files of a shard lie one behind the other, and any of them can be kept', () => {
  fc.assert(
    fc.property(randomTree, fc.nat(), (files, which) => {
      const shard = shardOf(files);
      assert.deepEqual(
        shard.starts.map((start) => endOfFile(shard.data, start)),
        [...shard.starts.slice(1), shard.data.length],
      );
      const dropped = which % shard.starts.length;
      const kept = keepFiles(
        shard,
        shard.starts.filter((_, index) => index !== dropped),
      );
      assert.equal(kept.starts.length, shard.starts.length - 1);
      for (const [index, start] of kept.starts.entries()) {
        const old = shard.starts[index < dropped ? index : index + 1]!;
        assert.equal(compareLinkage({ shard, start: old }, { shard: kept, start }), 'same');
      }
    }),
    { numRuns: 100 },
  );
});
