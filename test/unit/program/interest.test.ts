import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ATOMIC_RESOURCES, loadModel, sampledReleases } from '../../../server/src/kernel/index';
import { INTERESTING_WORDS } from '../../../server/src/program/interest';

const isCovered = (name: string): boolean => INTERESTING_WORDS.some((word) => name.includes(word));

describe('the words that make a file worth parsing', () => {
  for (const release of sampledReleases) {
    const model = loadModel({ release });

    test(`cover the allocations and frees of ${model.label} that are judged outside of locks`, () => {
      const judged = model.functions.all.filter((row) => row.gfp === undefined && row.allocates === 'slab');
      assert.deepEqual(
        judged.map((row) => row.name).filter((name) => !isCovered(name) && !name.includes('memdup') && !name.includes('strndup')),
        [],
      );
    });

    test(`cover all that forbids sleeping in ${model.label}`, () => {
      const atomic = model.contexts.functions.filter((row) =>
        row.effects.some(({ action, resource }) => action === 'acquire' && ATOMIC_RESOURCES.has(resource)),
      );
      assert.ok(atomic.length > 50);
      assert.deepEqual(
        atomic.map((row) => row.name).filter((name) => !isCovered(name)),
        [],
      );
    });

    test(`cover every flag of ${model.label}`, () => {
      assert.deepEqual(
        [...model.flags.names, ...model.flags.composites.map((composite) => composite.name)].filter((name) => !isCovered(name)),
        [],
      );
    });
  }

  test('cover suppression comments and locks taken by guards', () => {
    assert.ok(isCovered('gfp-lens: allow(x)') && isCovered('scoped_guard(spinlock, &l)'));
  });
});
