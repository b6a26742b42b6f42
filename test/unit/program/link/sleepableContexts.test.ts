import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

describe('GFP_ATOMIC that is not needed', () => {
  const atomic = (name: string, want: string, specifiers = '') => `
${specifiers}int ${name}(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC); ${want}
	return r->item ? 0 : -ENOMEM;
}
`;
  const USES = ['timer_setup(&r->timer, ring_setup, 0);', 'ring_remember(ring_setup);', 'r->setup = ring_setup;'];
  const NEEDLESS = '// want needless-atomic';
  const PROBE = `
static int ring_probe(struct platform_device *pdev)
{
	return ring_setup(pdev);
}

static struct platform_driver ring_driver = {
	.probe = ring_probe,
};
`;

  test('every way into it, through another file, begins in process context', () => {
    const files = {
      'drivers/ring/main.c': PROBE,
      'drivers/ring/setup.c': atomic('ring_setup', `${NEEDLESS} "ring_setup() is only called"`),
    };
    assert.equal(treeMismatch(files), '');
    assert.deepEqual(verdictLines(linkTree(files)), [
      'drivers/ring/setup.c:4 may-sleep definite: ring_setup() is only called where sleeping is allowed',
      '  drivers/ring/main.c:4 ring_probe() calls ring_setup() here',
      '  drivers/ring/main.c:8 ring_probe() is registered here, for process context',
    ]);
  });

  test('a function that is passed to an iterator is called where it is passed', () => {
    const files = (body: string, want: string) => ({
      'lib/each.c': `int each_ring(struct ring *r, int (*fn)(struct ring *))\n{\n\t${body}\n}\n`,
      'drivers/ring/main.c': PROBE.replace('ring_setup(pdev)', 'each_ring(pdev, ring_setup)'),
      'drivers/ring/setup.c': atomic('ring_setup', want),
    });
    assert.equal(treeMismatch(files('return fn(r);', NEEDLESS)), '');
    assert.equal(treeMismatch(files('mutex_lock(&r->mutex);\n\tfn(r);\n\tmutex_unlock(&r->mutex);\n\treturn 0;', NEEDLESS)), '');
    assert.equal(treeMismatch(files('spin_lock(&r->lock);\n\tfn(r);\n\tspin_unlock(&r->lock);\n\treturn 0;', '')), '');
    assert.equal(treeMismatch(files('ring_lock(r);\n\tfn(r);\n\tring_unlock(r);\n\treturn 0;', '')), '');
    assert.equal(treeMismatch(files('r->fn = fn;\n\treturn fn(r);', '')), '');
    assert.equal(treeMismatch(files('queue_ring(r, fn);\n\treturn fn(r);', '')), '');
  });

  test('what runtime power management answers says nothing of sleeping', () => {
    const probe = (condition: string) => PROBE.replace('\treturn', `\tif (${condition})\n\t\treturn -EBUSY;\n\treturn`);
    const files = (condition: string, want: string) => ({
      'drivers/ring/main.c': probe(condition),
      'drivers/ring/setup.c': atomic('ring_setup', want),
    });
    assert.equal(treeMismatch(files('pm_runtime_get_sync(pdev->dev) < 0', NEEDLESS)), '');
    assert.equal(treeMismatch(files('!ring_can_sleep(pdev->dev)', '')), '');
  });

  test('what calls such a callback under a lock keeps it from being for process context alone', () => {
    const family = `struct net_proto_family;
static int ring_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	return ring_setup(sock);
}
static const struct net_proto_family ring_family = { .create = ring_create };
`;
    const register = (body: string) => `static const struct net_proto_family *families[4];
static int ring_dispatch(struct net *net, struct socket *sock, int protocol)
{
	int err;

	${body}
	return err;
}
`;
    const called = 'err = families[protocol]->create(net, sock, protocol, 0);';
    const locked = `read_lock(&families_lock);\n\t${called}\n\tread_unlock(&families_lock);`;
    for (const [body, want] of [
      [called, NEEDLESS],
      [locked, ''],
    ] as const) {
      const files = { 'net/ring/main.c': register(body), 'net/ring/family.c': family, 'net/ring/setup.c': atomic('ring_setup', want) };
      assert.equal(treeMismatch(files), '', body);
    }
    // A family that hands out others of its own says nothing about this one; a core without any does.
    const other = { 'net/other/main.c': register(locked), 'net/ring/family.c': family };
    const own = family.replaceAll('ring', 'wheel').replace('wheel_setup(sock)', '0');
    assert.equal(treeMismatch({ ...other, 'net/other/own.c': own, 'net/ring/setup.c': atomic('ring_setup', NEEDLESS) }), '');
    assert.equal(treeMismatch({ ...other, 'net/ring/setup.c': atomic('ring_setup', '') }), '');
  });

  test('what was said of one way into it is not said again of the next one', () => {
    const files = {
      'drivers/ring/main.c': `static int ring_first(struct ring *r)
{
	return ring_setup(r);
}
static int ring_second(struct ring *r)
{
#ifdef CONFIG_RING
	return ring_setup(r);
#else
	return ring_setup(r);
#endif
}
static int ring_both(struct ring *r)
{
	return ring_first(r) + ring_second(r);
}
${PROBE.replace('ring_setup', 'ring_both')}`,
      'drivers/ring/setup.c': atomic('ring_setup', `${NEEDLESS} "ring_setup() is only called"`),
    };
    assert.equal(treeMismatch(files), '');
    assert.deepEqual(verdictLines(linkTree(files)), [
      'drivers/ring/setup.c:4 may-sleep definite: ring_setup() is only called where sleeping is allowed',
      '  drivers/ring/main.c:3 ring_first() calls ring_setup() here',
      '  drivers/ring/main.c:15 ring_both() calls ring_first() here',
      '  drivers/ring/main.c:20 ring_probe() calls ring_both() here',
      '  drivers/ring/main.c:24 ring_probe() is registered here, for process context',
      '  drivers/ring/main.c:8 ring_second() calls ring_setup() here',
      '  drivers/ring/main.c:15 ring_both() calls ring_second() here, and is called as above',
      '  drivers/ring/main.c:10 ring_second() calls ring_setup() here, and is called as above',
    ]);
  });

  test('when only a part of the tree is read, nothing is said of functions that other files can call', () => {
    const files = {
      'drivers/ring/main.c':
        PROBE +
        atomic('ring_static', NEEDLESS, 'static ').replace(
          /$/,
          PROBE.replaceAll('ring_setup', 'ring_static').replaceAll('ring_probe', 'wheel_probe').replaceAll('ring_driver', 'wheel_driver'),
        ),
      'drivers/ring/setup.c': atomic('ring_setup', ''),
      'drivers/ring/ring.h': `${atomic('ring_inline', '', 'static inline ')}`,
      'drivers/ring/more.c': PROBE.replaceAll('ring_setup', 'ring_inline'),
    };
    assert.equal(treeMismatch(files, { complete: false }), '');
  });

  test('one way into it, from a third file, holds a lock', () => {
    const files = {
      'drivers/ring/main.c': PROBE,
      'drivers/ring/setup.c': atomic('ring_setup', ''),
      'drivers/ring/refill.c': 'void refill(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tring_setup(r);\n\tspin_unlock(&r->lock);\n}\n',
    };
    assert.equal(treeMismatch(files), '');
  });

  test('it is also a timer, or handed to something unknown', () => {
    for (const use of USES) {
      const files = {
        'drivers/ring/main.c': PROBE,
        'drivers/ring/setup.c': `${atomic('ring_setup', '')}void more(struct ring *r)\n{\n\t${use}\n}\n`,
      };
      assert.equal(treeMismatch(files), '', use);
    }
  });

  test('it is exported: the callers in the tree count, and without one nothing is said', () => {
    const exported = `${atomic('ring_setup', NEEDLESS)}EXPORT_SYMBOL_GPL(ring_setup);\n`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': PROBE, 'drivers/ring/setup.c': exported }), '');
    assert.equal(treeMismatch({ 'drivers/ring/setup.c': exported.replace(NEEDLESS, '') }), '');
  });

  test('functions that call each other may sleep if every way into their circle may', () => {
    const circle = (want: string) => ({
      'drivers/ring/main.c': PROBE,
      'drivers/ring/setup.c': `
int ring_setup(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC); ${want}
	return r->next ? ring_next(r) : 0;
}
`,
      'drivers/ring/next.c': 'int ring_next(struct ring *r)\n{\n\treturn ring_setup(r->next);\n}\n',
    });
    assert.equal(treeMismatch(circle(NEEDLESS)), '');
    const timer = 'void start(struct ring *r)\n{\n\ttimer_setup(&r->timer, ring_next, 0);\n}\n';
    const reached = circle('');
    assert.equal(treeMismatch({ ...reached, 'drivers/ring/next.c': reached['drivers/ring/next.c'] + timer }), '');
  });

  test('a system call may always sleep', () => {
    const files = {
      'fs/ring.c': 'SYSCALL_DEFINE1(ring_open, struct ring __user *, r)\n{\n\treturn ring_setup(NULL);\n}\n',
      'fs/setup.c': atomic('ring_setup', NEEDLESS),
    };
    assert.equal(treeMismatch(files), '');
  });

  test('it is a callback in another file than it is defined in', () => {
    for (const use of USES) {
      const files = {
        'drivers/ring/main.c': PROBE,
        'drivers/ring/setup.c': atomic('ring_setup', ''),
        'drivers/ring/more.c': `void more(struct ring *r)\n{\n\t${use}\n}\n`,
      };
      assert.equal(treeMismatch(files), '', use);
    }
  });
});
