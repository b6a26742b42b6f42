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

describe('masks that are not meant for the place where they stand', () => {
  test('GFP_NOWAIT behind a name of the driver is a try, after which others do the work', () => {
    const named = (mask: string, want: string) => `#define RING_READ_GFP ${mask}\n${driver('RING_READ_GFP', want)}`;
    assert.equal(treeMismatch({ 'drivers/ring/dump.c': named('GFP_NOWAIT', 'want? needless-atomic') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/dump.c': named('GFP_ATOMIC', 'want needless-atomic') }), '');
  });

  test('a macro that makes an instruction of a mask allocates nothing', () => {
    const text = (macro: string, want: string) => `
int ring_patch(struct ring *r)
{
	mutex_lock(&r->mutex);
	r->op = ${macro}(5, GFP_ATOMIC); ${want}
	mutex_unlock(&r->mutex);
	return 0;
}
`;
    assert.equal(treeMismatch({ 'kernel/ring/a.c': text('RING_OP_IMM', '') }), '');
    assert.equal(treeMismatch({ 'kernel/ring/a.c': text('ring_op_imm', '// want needless-atomic') }), '');
  });

  test('an allocation that itself must not sleep proves nothing for the next one', () => {
    const text = (register: string, [first, second]: readonly [string, string]) => `
static void ring_tick(struct timer_list *t)
{
	struct ring *r = from_timer(r, t, timer);

	r->a = kmalloc(8, GFP_KERNEL); ${first}
	r->b = kmalloc(8, GFP_ATOMIC); ${second}
}

void ring_start(struct ring *r)
{
	${register};
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('timer_setup(&r->timer, ring_tick, 0)', ['// want sleep-in-atomic', '']) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('INIT_WORK(&r->work, ring_tick)', ['', '// want needless-atomic']) }), '');
  });
});
