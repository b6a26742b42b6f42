import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grown, headOf } from '../../../server/src/base/grown';

test('a grown array has the kind and the elements of the one before, and zeros', () => {
  for (const Numbers of [Uint8Array, Uint16Array, Uint32Array, Int32Array]) {
    const array = Numbers.of(1, 2, 3);
    const longer = grown(array, 5);
    assert.ok(longer instanceof Numbers);
    assert.deepEqual([...longer], [1, 2, 3, 0, 0]);
    assert.deepEqual([...array], [1, 2, 3]);
  }
});

test('the head of an array has memory of its own, or that of an array that is done with', () => {
  const array = Uint16Array.of(1, 2, 3, 9);
  const head = headOf(array, 3, undefined);
  const over = headOf(Uint16Array.of(7, 8), 2, head);
  assert.deepEqual([...over], [7, 8]);
  assert.equal(over.buffer, head.buffer);
  assert.deepEqual([...array], [1, 2, 3, 9]);
});

test('what does not fit gets more room than it needs, so that the next one does', () => {
  const array = Uint32Array.from({ length: 100 }, (_, index) => index);
  const small = headOf(array, 10, undefined);
  const large = headOf(array, 90, small);
  assert.deepEqual([...large], [...array.subarray(0, 90)]);
  assert.equal(headOf(array, 95, large).buffer, large.buffer);
});
