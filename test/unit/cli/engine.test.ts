import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectGarbage } from '../../../server/src/cli/engine';

test('what nobody refers to any more is collected at once where there is much', async () => {
  let arrays: Uint8Array[] | undefined = Array.from({ length: 8 }, () => new Uint8Array(25 << 20));
  const gone = new WeakRef(arrays);
  arrays = undefined;
  // A weak reference holds on until the end of the turn it was made in.
  await sleep(0);
  await collectGarbage();
  assert.ok(gone.deref() === undefined);
});
