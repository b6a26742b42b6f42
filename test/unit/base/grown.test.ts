import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grown } from '../../../server/src/base/grown';

test('a grown array has the kind and the elements of the one before, and zeros', () => {
  for (const Numbers of [Uint8Array, Uint16Array, Uint32Array, Int32Array]) {
    const array = Numbers.of(1, 2, 3);
    const longer = grown(array, 5);
    assert.ok(longer instanceof Numbers);
    assert.deepEqual([...longer], [1, 2, 3, 0, 0]);
    assert.deepEqual([...array], [1, 2, 3]);
  }
});
