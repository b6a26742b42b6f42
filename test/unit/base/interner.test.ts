import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashStep, Interner } from '../../../server/src/base/interner';

test('equal spellings get equal ids, others different ones', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (words) => {
      const interner = new Interner();
      const ids = words.map((word) => interner.intern(word));
      const byWord = new Map(words.map((word, index) => [word, ids[index]!]));
      assert.equal(new Set(byWord.values()).size, byWord.size);
      assert.equal(interner.size, byWord.size + 1);
      for (const [word, id] of byWord) {
        assert.equal(interner.text(id), word);
        assert.equal(interner.intern(word), id);
        assert.equal(interner.find(word), id);
      }
    }),
  );
});

test('many names: the tables grow and keep what they know', () => {
  const interner = new Interner();
  const count = 60_000;
  for (let i = 0; i < count; i++) assert.equal(interner.intern(`name_with_a_long_prefix_${i}`), i + 1);
  for (let i = 0; i < count; i += 997) {
    assert.equal(interner.text(i + 1), `name_with_a_long_prefix_${i}`);
    assert.equal(interner.find(`name_with_a_long_prefix_${i}`), i + 1);
  }
});

test('names with equal hashes stay apart', () => {
  // 31 * 'A' + 'a' = 31 * 'B' + 'B'
  const interner = new Interner();
  const ids = ['Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa'].map((word) => interner.intern(word));
  assert.equal(new Set(ids).size, 6);
  assert.deepEqual(
    ['Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa'].map((word) => interner.intern(word)),
    ids,
  );
});

test('unknown names are not found, and 0 is no name', () => {
  const interner = new Interner();
  assert.equal(interner.find('nothing'), 0);
  assert.equal(interner.size, 1);
  assert.equal(interner.text(0), '');
});

test('a part of a larger text is interned by its bytes', () => {
  const interner = new Interner();
  const bytes = new TextEncoder().encode('struct page *page;');
  const idOf = (start: number, end: number): number =>
    interner.internBytes(bytes, start, end, bytes.subarray(start, end).reduce(hashStep, 0));
  assert.equal(idOf(7, 11), idOf(13, 17));
  assert.equal(interner.text(idOf(7, 11)), 'page');
  assert.notEqual(idOf(7, 10), idOf(7, 11));
});

test('an id asked for before it was given out is the name that gets it', () => {
  const interner = new Interner();
  assert.equal(interner.text(2), '');
  assert.deepEqual(
    ['grow', 'shrink'].map((name) => interner.text(interner.intern(name))),
    ['grow', 'shrink'],
  );
});
