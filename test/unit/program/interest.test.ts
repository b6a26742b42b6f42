import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ATOMIC_RESOURCES, type KernelModel, loadModel, sampledReleases } from '../../../server/src/kernel/index';
import { INTERESTING_WORDS } from '../../../server/src/program/interest';

const models = sampledReleases.map((release) => loadModel({ release }));

/** Names of any release that hold none of the words. */
function missed(namesOf: (model: KernelModel) => readonly string[]): readonly string[] {
  const names = new Set(models.flatMap(namesOf));
  assert.ok(names.size > 0);
  return [...names].filter((name) => !INTERESTING_WORDS.some((word) => name.includes(word)));
}

describe('the words that make a file worth parsing cover', () => {
  test('every flag', () => {
    const names = missed((model) => [...model.flags.names, ...model.flags.composites.map((composite) => composite.name)]);
    assert.deepEqual(names, []);
  });

  test('the slab allocations without a mask; those that copy from user space end in a free', () => {
    const names = missed((model) =>
      model.functions.all.filter((row) => row.gfp === undefined && row.allocates === 'slab').map((row) => row.name),
    );
    assert.deepEqual(
      names.filter((name) => !/memdup|strndup/.test(name)),
      [],
    );
  });

  test('all that forbids sleeping', () => {
    const names = missed((model) =>
      model.contexts.functions
        .filter((row) => row.effects.some(({ action, resource }) => action === 'acquire' && ATOMIC_RESOURCES.has(resource)))
        .map((row) => row.name),
    );
    assert.deepEqual(names, []);
  });

  test('guards and suppression comments', () => {
    for (const text of ['scoped_guard(spinlock, &l)', 'guard(rcu)()', '/* gfp-lens: allow(x) y */'])
      assert.ok(INTERESTING_WORDS.some((word) => text.includes(word)));
  });
});
