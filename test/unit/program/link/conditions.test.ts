import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const driver = (condition: string, want: string) => `
static int ring_write(struct ring *r, struct header *block, int nowait)
{
	if (${condition})
		return 0;
	r->item = kmalloc(8, GFP_ATOMIC);${want && ` // ${want}`}
	return 0;
}

int ring_probe(struct ring *r)
{
	mutex_lock(&r->mutex);
	ring_write(r, r->first, r->mode);
	mutex_unlock(&r->mutex);
	return 0;
}
`;

const check = (condition: string, want = '') => treeMismatch({ 'drivers/ring/main.c': driver(condition, want) });

describe('conditions that speak of sleeping', () => {
  test('decide for what stands behind them', () => {
    for (const condition of ['r->can_sleep', '!r->mode.nowait', 'is_atomic(r)']) assert.equal(check(condition), '', condition);
  });

  test('an object is no flag, whatever it is called', () => {
    for (const condition of ['block->size == 0', 'r->size < sizeof(*block)', 'block[0].size', 'r->size % sizeof(block)'])
      assert.equal(check(condition, 'want needless-atomic'), '', condition);
  });
});
