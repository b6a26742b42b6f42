import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFixture } from '../../support/fixture';
import { judge } from '../../support/ruleRunner';

const GROW = `
struct log {
	char *text;
};

static int log_grow(struct log *log, size_t more)
{
	log->text = krealloc(log->text, more, GFP_KERNEL);
	if (!log->text)
		return -ENOMEM;
	return 0;
}
`;

const FREE = `
static void log_free(struct log *log)
{
	kfree(log->text);
}
`;

function safetyOf(text: string): string | undefined {
  return judge(readFixture('log.c', text)).findings[0]?.fixes?.[0]?.safety;
}

test('a result kept apart cures only where somebody frees the member', () => {
  assert.equal(safetyOf(GROW + FREE), 'safe');
  assert.equal(safetyOf(GROW), 'unsafe');
});

test('who no longer waits for an element of a pool may get none', () => {
  const locked = (call: string) => `
static void ring_take(struct ring *r)
{
	spin_lock(&r->lock);
	r->item = ${call};
	spin_unlock(&r->lock);
}
`;
  assert.equal(safetyOf(locked('kmalloc(8, GFP_KERNEL)')), 'safe');
  assert.equal(safetyOf(locked('mempool_alloc(r->pool, GFP_KERNEL)')), 'unsafe');
  assert.equal(safetyOf(locked('bio_alloc(r->bdev, 1, 0, GFP_NOIO)')), undefined);
});
