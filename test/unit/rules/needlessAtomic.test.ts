import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../support/linkedTree';

const driver = (mask: string, want: string) => `
int ring_dump(struct ring *r)
{
	mutex_lock(&r->mutex);
	r->dump = kmalloc(8, ${mask}); // ${want}
	mutex_unlock(&r->mutex);
	return r->dump ? 0 : -ENOMEM;
}
`;

const mismatch = (path: string, mask: string, want: string) => treeMismatch({ [path]: driver(mask, want) });

describe('GFP_NOWAIT in drivers of GPUs', () => {
  test('may be there for the sake of a fence that reclaim waits for', () => {
    assert.equal(mismatch('drivers/gpu/drm/ring/dump.c', 'GFP_NOWAIT', 'want? needless-atomic'), '');
    assert.equal(mismatch('drivers/net/ring/dump.c', 'GFP_NOWAIT', 'want needless-atomic'), '');
  });

  test('GFP_ATOMIC has no such excuse', () => {
    assert.equal(mismatch('drivers/gpu/drm/ring/dump.c', 'GFP_ATOMIC', 'want needless-atomic'), '');
  });
});
