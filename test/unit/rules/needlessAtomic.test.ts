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

describe('locks that reclaim takes', () => {
  const primed = (body: string) => `
static DEFINE_MUTEX(ring_bw_lock);
static DEFINE_MUTEX(ring_other);

${body}
static int __init ring_init(void)
{
	fs_reclaim_acquire(GFP_KERNEL);
	might_lock(&ring_bw_lock);
	fs_reclaim_release(GFP_KERNEL);
	return 0;
}
`;
  const under = (lock: string, want: string) =>
    primed(`
int ring_set(struct ring *r)
{
	mutex_lock(&${lock});
	r->item = kmalloc(8, GFP_ATOMIC); ${want}
	mutex_unlock(&${lock});
	return 0;
}
`);

  test('leave no other mask to who holds them', () => {
    assert.equal(treeMismatch({ 'drivers/ring/core.c': under('ring_bw_lock', '') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/core.c': under('ring_other', '// want needless-atomic') }), '');
  });

  test('may be held by a caller', () => {
    const called = primed(`
static void *ring_item(void)
{
	return kmalloc(8, GFP_ATOMIC); // want? needless-atomic
}

int ring_set(struct ring *r)
{
	mutex_lock(&r->mutex);
	r->item = ring_item();
	mutex_unlock(&r->mutex);
	return 0;
}
`);
    assert.equal(treeMismatch({ 'drivers/ring/core.c': called }), '');
  });
});

test('what captures the state of a GPU that hangs may be what its fences wait for', () => {
  const capture = (name: string, want: string) => driver('GFP_ATOMIC', want).replace('ring_dump', name);
  assert.equal(treeMismatch({ 'drivers/gpu/drm/ring/error.c': capture('ring_capture_state', 'want? needless-atomic') }), '');
  assert.equal(treeMismatch({ 'drivers/net/ring/error.c': capture('ring_capture_state', 'want needless-atomic') }), '');
});

describe('boot code', () => {
  const build = (init: string, want: string) => `
static int ring_build(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC); // ${want}
	return 0;
}

static void __init ring_timers(struct ring *r)
{
	ring_build(r);
}

${init}
`;
  const SURE = 'want needless-atomic';
  const PERHAPS = 'want? needless-atomic';

  test('that nobody says to be an initcall may run with interrupts off', () => {
    const stored = 'void __init ring_setup(struct config *c)\n{\n\tc->init_timers = ring_timers;\n}';
    assert.equal(treeMismatch({ 'arch/ring/irq.c': build(stored, PERHAPS) }), '');
  });

  test('that initcalls and drivers run may sleep', () => {
    const initcall = 'static int __init ring_init(void)\n{\n\tring_timers(&rings);\n\treturn 0;\n}\nsubsys_initcall(ring_init);';
    assert.equal(treeMismatch({ 'drivers/ring/irq.c': build(initcall, SURE) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/irq.c': build(initcall.replace('subsys_initcall', 'module_init'), SURE) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/irq.c': build(initcall.replace('subsys_initcall', 'console_initcall'), PERHAPS) }), '');
  });
});

test('block I/O, and with it reclaim, may wait for a request that a crypto engine works on', () => {
  const engine = (operations: string, want: string, op = '.op = { .do_one_request = ring_one_request }') => `
struct ring_engine_alg {
	struct ring_alg base;
	struct ${operations} op;
};

static void pump_work(struct work_struct *work)
{
	struct ${operations} *op = ring_op(work);

	op->do_one_request(ring_engine(work), ring_request(work));
}

void pump_init(struct engine *engine)
{
	INIT_WORK(&engine->work, pump_work);
}

static int ring_copy(struct ring *r)
{
	r->copy = kmalloc(4096, GFP_ATOMIC);${want}
	return 0;
}

static int ring_one_request(struct crypto_engine *engine, void *request)
{
	return ring_copy(request);
}

static struct ring_engine_alg ring_algs[] = {
	{
		.base = { .init = ring_init },
		${op},
	},
};
`;
  const inSteps = '.op.do_one_request = ring_one_request';
  assert.equal(treeMismatch({ 'drivers/crypto/ring.c': engine('ring_engine_op', ' // want needless-atomic') }), '');
  assert.equal(treeMismatch({ 'drivers/crypto/ring.c': engine('crypto_engine_op', '') }), '');
  assert.equal(treeMismatch({ 'drivers/crypto/ring.c': engine('ring_engine_op', ' // want needless-atomic', inSteps) }), '');
  assert.equal(treeMismatch({ 'drivers/crypto/ring.c': engine('crypto_engine_op', '', inSteps) }), '');
});
