import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

const TYPES = `
struct ring {
	spinlock_t lock;
	struct mutex mutex;
	void *item;
};
`;

const grow = (head: string, body: string) => `${TYPES}
static void ring_grow(struct ring *r)
	${head}
{
	${body}
}
`;

const lines = (text: string) => verdictLines(linkTree({ 'drivers/ring/main.c': text }));
const reported = (head: string, body: string) => treeMismatch({ 'drivers/ring/main.c': grow(head, body) });

const ALLOCATES = 'r->item = kmalloc(8, GFP_KERNEL);';
const WANTED = `${ALLOCATES} // want sleep-in-atomic`;

describe('functions that say in which context they are called', () => {
  test('__must_hold() of a spinlock forbids sleeping, and is shown', () => {
    assert.deepEqual(lines(grow('__must_hold(&r->lock)', ALLOCATES)), [
      'drivers/ring/main.c:11 atomic definite: ring_grow() is called with a spinlock held: __must_hold(&r->lock)',
      '  drivers/ring/main.c:9 ring_grow() says here that it is called with a spinlock held',
    ]);
  });

  test('so does lockdep_assert_held(), and what is called from there', () => {
    assert.equal(reported('', `lockdep_assert_held(&r->lock);\n\t${WANTED}`), '');
    const callee = `${TYPES}
static void *new_item(struct ring *r)
{
	return kmalloc(8, GFP_KERNEL); // want sleep-in-atomic "lockdep_assert_held(&r->lock)"
}

static void ring_grow(struct ring *r)
{
	lockdep_assert_held(&r->lock);
	r->item = new_item(r);
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': callee }), '');
  });

  test('a mutex does not, whatever its name is', () => {
    assert.equal(reported('__must_hold(&r->mutex)', ALLOCATES), '');
    assert.equal(reported('', `lockdep_assert_held(&r->mutex);\n\t${ALLOCATES}`), '');
  });

  test('a lock of unknown type says nothing', () => {
    assert.equal(reported('__must_hold(&r->other->lock)', ALLOCATES), '');
    assert.equal(reported('__must_hold(&unknown_lock)', ALLOCATES), '');
  });

  test('the lock of a socket may stand for its owner', () => {
    const text = `
struct socket_lock { spinlock_t slock; };
struct sock { struct socket_lock sk_lock; };

static void sock_grow(struct sock *sk)
	__must_hold(&sk->sk_lock.slock)
{
	sk->item = kmalloc(8, GFP_KERNEL);
}
`;
    assert.equal(treeMismatch({ 'net/ring/main.c': text }), '');
  });

  test('spinlocks of the file, RCU and interrupts are known by name', () => {
    const ofFile = `static DEFINE_SPINLOCK(ring_lock);\n${grow('__must_hold(&ring_lock)', WANTED)}`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': ofFile }), '');
    assert.equal(reported('__must_hold(RCU)', WANTED), '');
    assert.equal(reported('', `lockdep_assert_irqs_disabled();\n\t${WANTED}`), '');
    assert.equal(reported('', `assert_spin_locked(r->any);\n\t${WANTED}`), '');
  });

  test('while the system starts, interrupts are off and nothing is wrong with it', () => {
    const text = grow('', `lockdep_assert_irqs_disabled();\n\t${ALLOCATES}`).replace('static void', 'static void __init');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
  });

  test('a function that gives the lock back may sleep', () => {
    const body = `spin_unlock(&r->lock);\n\t${ALLOCATES}\n\tspin_lock(&r->lock);`;
    assert.equal(reported('__must_hold(&r->lock)', body), '');
    assert.equal(reported('__releases(&r->lock) __acquires(&r->lock)', body), '');
    assert.equal(reported('__releases(&r->lock)', `${WANTED}\n\tspin_unlock(&r->lock);`), '');
  });

  test('an assertion on one path, or behind a lock, says nothing of the callers', () => {
    assert.equal(reported('', `if (r->busy)\n\t\tlockdep_assert_held(&r->lock);\n\t${ALLOCATES}`), '');
    assert.equal(reported('', `if (!r->busy)\n\t\treturn;\n\tlockdep_assert_held(&r->lock);\n\t${ALLOCATES}`), '');
    const locked = `mutex_lock(&r->mutex);\n\tlockdep_assert_held(&r->lock);\n\tmutex_unlock(&r->mutex);\n\t${ALLOCATES}`;
    assert.equal(reported('', locked), '');
  });

  test('GFP_ATOMIC is needed there', () => {
    const text = `${grow('', 'lockdep_assert_held(&r->lock);\n\tr->item = kmalloc(8, GFP_ATOMIC);')}
static int ring_probe(struct platform_device *pdev)
{
	ring_grow(pdev->ring);
	return 0;
}

static struct platform_driver ring_driver = { .probe = ring_probe };
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
    const without = text.replace('lockdep_assert_held(&r->lock);', '');
    assert.match(lines(without).join('\n'), /may-sleep/);
  });

  test('__acquires() says that the lock is still held at the return, whatever the function is called', () => {
    const text = (head: string) => `
static void ring_turn(struct ring *r)
	${head}
{
	spin_lock(&r->lock);
	r->turned = true;
}

static void ring_grow(struct ring *r)
{
	ring_turn(r);
	r->item = kmalloc(8, GFP_KERNEL);${head && ' // want sleep-in-atomic'}
	spin_unlock(&r->lock);
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text('__acquires(&r->lock)') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text('') }), '');
  });

  test('words of the context analysis do not hide what is written beside them', () => {
    const text = `
context_lock_struct(ring_lock) {
	spinlock_t lock;
};

struct ring {
	spinlock_t lock;
	void *item __guarded_by(&lock);
};

static void ring_grow(struct ring *r)
	__must_hold(&r->lock) __no_context_analysis
{
	r->item = kmalloc(8, GFP_KERNEL); // want sleep-in-atomic
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
  });
});
