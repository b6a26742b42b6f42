import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachWord, lastWord, wordAtEnd } from '../../../server/src/base/words';

function wordsOf(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const words: string[] = [];
  eachWord(bytes, 0, bytes.length, (first, behind) => {
    words.push(text.slice(first, behind));
    return true;
  });
  return words;
}

test('words stand between anything that is no letter, digit or underscore', () => {
  assert.deepEqual(wordsOf('do { a_1(x->y); } while(0)'), ['do', 'a_1', 'x', 'y', 'while', '0']);
});

test('comments and strings hold no code', () => {
  assert.deepEqual(wordsOf('(1 << 4) /* mail interrupt 0 */'), ['1', '4']);
  assert.deepEqual(wordsOf('a /**/ b /* * / */ c'), ['a', 'b', 'c']);
  assert.deepEqual(wordsOf('a // rest \\\n more\nb'), ['a', 'b']);
  assert.deepEqual(wordsOf('pr_err("a \\" lock %d", n)'), ['pr_err', 'n']);
  assert.deepEqual(wordsOf('a / b'), ['a', 'b']);
});

test('what is not closed ends with the text', () => {
  assert.deepEqual(wordsOf('a "b c'), ['a']);
  assert.deepEqual(wordsOf('a /* b'), ['a']);
  assert.deepEqual(wordsOf('a /'), ['a']);
});

test('the last word of a text', () => {
  assert.equal(lastWord('&adapter->rx[i]'), 'i');
  assert.equal(lastWord('priv->lock)'), 'lock');
  assert.equal(lastWord('lock'), 'lock');
  assert.equal(lastWord('&(*)'), undefined);
  assert.equal(lastWord(''), undefined);
});

test('the word at the end of a text', () => {
  assert.equal(wordAtEnd('&adapter->rx_ring'), 'rx_ring');
  assert.equal(wordAtEnd('lock'), 'lock');
  assert.equal(wordAtEnd('&adapter->rx[i]'), undefined);
  assert.equal(wordAtEnd('lock '), undefined);
  assert.equal(wordAtEnd(''), undefined);
});
