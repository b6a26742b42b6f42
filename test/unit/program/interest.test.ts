import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ATOMIC_RESOURCES, type KernelModel, loadModel, sampledReleases } from '../../../server/src/kernel/index';
import { INTERESTING_WORDS, isWorthParsing, licenceEnd } from '../../../server/src/program/interest';

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

describe('worth parsing', () => {
  const licence = '// SPDX-License-Identifier: MIT\n/* Permission is granted, free of charge ** to allocate **/\n\t';
  const isWorth = (path: string, text: string, linked = true): boolean => {
    const code = licenceEnd(new TextEncoder().encode(text));
    return isWorthParsing({ path, size: text.length, has: (word) => text.includes(word, code) }, linked);
  };

  test('is a header that allocates, but not one whose licence is free', () => {
    assert.equal(isWorth('a.h', `${licence}#define new_ring(n) kzalloc(n, GFP_KERNEL)\n`), true);
    assert.equal(isWorth('a.h', `${licence}#define RING 1\n`), false);
  });

  test('is a header with inline functions where callers are followed', () => {
    const text = `${licence}static inline void f(void) { g(); }\n`;
    assert.deepEqual([isWorth('a.h', text), isWorth('a.h', text, false)], [true, false]);
  });

  test('is every C file where callers are followed', () => {
    assert.deepEqual([isWorth('a.c', 'int f(void);', true), isWorth('a.c', 'int f(void);', false)], [true, false]);
  });

  test('is not a long list of registers, whatever their names', () => {
    const list = Array.from({ length: 4000 }, (_, at) => `#define REG_lock_${at} 0x${at.toString(16)}\n`).join('');
    assert.equal(isWorth('regs.h', list), false);
    assert.equal(isWorth('regs.h', list.slice(0, 2000)), true);
    assert.equal(isWorth('regs.h', `${list}static inline void reg_lock(void) { }\n`), true);
  });

  test('ends where a comment does not', () => {
    for (const [text, end] of [
      ['', 0],
      ['/', 0],
      ['/* open', 7],
      ['// open', 7],
      ['/**/x', 4],
      ['/***/ x', 6],
      ['x /* */', 0],
    ] as const)
      assert.equal(licenceEnd(new TextEncoder().encode(text)), end, text);
  });
});
