import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

/** A driver whose `start` is stored in `struct ring_ops` and calls kmalloc() with `mask`. */
const driver = (name: string, mask = 'GFP_KERNEL', want = '') => `
static int ${name}_start(struct ring *r)
{
	r->item = kmalloc(8, ${mask});${want && ` // ${want}`}
	return 0;
}

static const struct ring_ops ${name}_ops = {
	.ring_start = ${name}_start,
};
`;

const CORE = `
int ring_run(struct ring *r)
{
	spin_lock(&r->lock);
	r->ops->ring_start(r);
	spin_unlock(&r->lock);
	return 0;
}
`;

const CALM_CORE = CORE.replace(/spin/g, 'mutex');

describe('calls through pointers in structures', () => {
  test('the step names the member', () => {
    assert.deepEqual(verdictLines(linkTree({ 'drivers/ring/core.c': CORE, 'drivers/ring/pci.c': driver('pci') })), [
      'drivers/ring/pci.c:4 atomic definite: spinlock &r->lock is held in ring_run()',
      '  drivers/ring/core.c:4 &r->lock is taken here by spin_lock()',
      '  drivers/ring/core.c:5 ring_run() calls pci_start() here, stored in ring_start',
    ]);
  });

  test('the only function of the folder is the one that is called; each of several may be', () => {
    assert.equal(
      treeMismatch({ 'drivers/ring/core.c': CORE, 'drivers/ring/pci.c': driver('pci', 'GFP_KERNEL', 'want sleep-in-atomic') }),
      '',
    );
    assert.equal(
      treeMismatch({
        'drivers/ring/core.c': CORE,
        'drivers/ring/pci.c': driver('pci', 'GFP_KERNEL', 'want? sleep-in-atomic'),
        'drivers/ring/usb.c': driver('usb', 'GFP_KERNEL', 'want? sleep-in-atomic'),
      }),
      '',
    );
  });

  test('a function of another folder may be called', () => {
    assert.equal(treeMismatch({ 'net/ring/core.c': CORE, 'drivers/ring/pci.c': driver('pci', 'GFP_KERNEL', 'want? sleep-in-atomic') }), '');
  });

  test('where two structures have such a member, only that of the folder counts', () => {
    const other = driver('other').replace('struct ring_ops', 'struct tube_ops');
    assert.equal(treeMismatch({ 'net/ring/core.c': CORE, 'drivers/ring/pci.c': driver('pci'), 'drivers/tube/tube.c': other }), '');
    assert.equal(
      treeMismatch({
        'drivers/ring/core.c': CORE,
        'drivers/ring/pci.c': driver('pci', 'GFP_KERNEL', 'want sleep-in-atomic'),
        'drivers/tube/tube.c': other,
      }),
      '',
    );
  });

  test('a function that calls the same member of another object does not call itself', () => {
    const self = `
static int bridge_start(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	spin_lock(&r->lock);
	r->below->ops->ring_start(r);
	spin_unlock(&r->lock);
	return 0;
}

static const struct ring_ops bridge_ops = {
	.ring_start = bridge_start,
};
`;
    assert.equal(treeMismatch({ 'drivers/ring/bridge.c': self }), '');
  });

  test('an array of functions is called by its name', () => {
    const table = (want: string, mask: string) => `
static int ring_open(struct ring *r, int minor)
{
	r->item = kmalloc(8, ${mask}); ${want}
	return 0;
}

static int (*const ring_handlers[RING_MAX])(struct ring *r, int minor) = {
	[RING_OPEN] = ring_open,
	ring_close,
};
`;
    const call = (lock: string) =>
      `int ring_ioctl(struct ring *r, int nr)\n{\n\t${lock}_lock(&r->lock);\n\tr->left = ring_handlers[nr & RING_MASK](r, 0);\n\t${lock}_unlock(&r->lock);\n\treturn 0;\n}\n`;
    assert.equal(treeMismatch({ 'drivers/ring/a.c': `${table('// want? sleep-in-atomic', 'GFP_KERNEL')}${call('spin')}` }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': `${table('// want needless-atomic', 'GFP_ATOMIC')}${call('mutex')}` }), '');
  });

  test('a member is called through parentheses and through READ_ONCE() as well', () => {
    const text = (call: string, want: string) => `
static int ring_start(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}

static const struct ring_ops ring_ops = {
	.ring_start = ring_start,
};

void ring_run(struct ring *r, int n)
{
	spin_lock(&r->lock);
	${call}
	spin_unlock(&r->lock);
}
`;
    const shown = (call: string, want: string) => treeMismatch({ 'drivers/ring/a.c': text(call, want) });
    const WANT = '// want sleep-in-atomic';
    for (const call of [
      '(*r->ops->ring_start)(r);',
      'n = (r->ops->ring_start)(r);',
      'if (READ_ONCE(r->ops->ring_start)(r))\n\t\tn++;',
      'return (*rcu_dereference(r->ops)->ring_start)(r);',
      'if (n)\n\t\t(*r->ops[n].ring_start)(r);',
    ])
      assert.equal(shown(call, WANT), '', call);
    // Conditions and functions that only look at the member call nobody.
    for (const call of ['if (r->ops->ring_start) (n)++;', 'while (r->ops->ring_start) (n)--;', 'n = ring_same(r->ops->ring_start)(r);'])
      assert.equal(shown(call, ''), '', call);
  });

  test('where files are missing, others may be stored and others may call', () => {
    const files = (core: string, mask: string, want = '') => ({
      'drivers/ring/core.c': core,
      'drivers/ring/pci.c': driver('pci', mask, want),
    });
    assert.equal(treeMismatch(files(CORE, 'GFP_KERNEL', 'want? sleep-in-atomic'), { complete: false }), '');
    assert.equal(treeMismatch(files(CALM_CORE, 'GFP_ATOMIC'), { complete: false }), '');
  });

  test('GFP_ATOMIC is not needed where all calls through the member may sleep', () => {
    const files = { 'drivers/ring/core.c': CALM_CORE, 'drivers/ring/pci.c': driver('pci', 'GFP_ATOMIC', 'want needless-atomic') };
    assert.equal(treeMismatch(files), '');
    const locked = {
      ...files,
      'drivers/tube/tube.c': CORE.replace('ring_run', 'tube_run'),
      'drivers/ring/pci.c': driver('pci', 'GFP_ATOMIC'),
    };
    assert.equal(treeMismatch(locked), '');
  });

  test('calls through a member of the same name of another structure are looked at, not told', () => {
    const tube = `${CALM_CORE.replace('ring_run', 'tube_run').replace('struct ring *', 'struct tube *')}
static int tube_start(struct tube *t)
{
	return 0;
}

static const struct tube_ops tube_ops = {
	.ring_start = tube_start,
};
`;
    const tree = linkTree({
      'drivers/ring/core.c': CALM_CORE,
      'drivers/ring/pci.c': driver('pci', 'GFP_ATOMIC'),
      'drivers/tube/tube.c': tube,
    });
    assert.deepEqual(verdictLines(tree), [
      'drivers/ring/pci.c:4 may-sleep definite: pci_start() is only called where sleeping is allowed',
      '  drivers/ring/core.c:5 ring_run() calls pci_start() here, stored in ring_start, where mutex_lock() was called before',
    ]);
  });

  test('where it cannot be told which call leads there, the nearest is shown', () => {
    const many = Object.fromEntries(
      Array.from({ length: 13 }, (_, i) => [`drivers/tube/t${i}.c`, driver(`t${i}`).replaceAll('struct ring', 'struct tube')]),
    );
    const tree = linkTree({
      ...many,
      'drivers/atube/core.c': CALM_CORE.replace('ring_run', 'tube_run').replaceAll('struct ring', 'struct tube'),
      'drivers/ring/core.c': CALM_CORE,
      'drivers/ring/amd/pci.c': driver('pci', 'GFP_ATOMIC'),
    });
    assert.deepEqual(
      verdictLines(tree).filter((line) => !line.startsWith('drivers/tube')),
      [
        'drivers/ring/amd/pci.c:4 may-sleep definite: pci_start() is only called where sleeping is allowed',
        '  drivers/ring/core.c:5 ring_run() calls pci_start() here, stored in ring_start, where mutex_lock() was called before',
      ],
    );
  });
});
