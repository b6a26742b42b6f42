import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const WANT = '// want sleep-in-atomic';
const PERHAPS = '// want? sleep-in-atomic';

/** A driver that stores a function in member `start` of a table and allocates in it with GFP_KERNEL. */
const driver = (want: string, table = 'static const struct ring_ops pci_ops = {\n\t.start = pci_start,\n};') => `
static int pci_start(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}

${table}
`;

/** Other structures with a member of that name, so that the name alone tells nothing. */
const OTHERS = {
  'drivers/tube/tube.c': driver('').replaceAll('pci', 'tube').replaceAll('ring', 'tube'),
  'drivers/pipe/pipe.c': driver('').replaceAll('pci', 'pipe').replaceAll('ring', 'pipe'),
};

const underLock = (call: string, variables = 'struct ring *r') => `
int ring_run(${variables})
{
	spin_lock(&ring_lock);
	${call}
	spin_unlock(&ring_lock);
	return 0;
}
`;

const HEADER = `
struct ring_ops {
	int (*start)(struct ring *r);
};

struct ring {
	int count;
	const struct ring_ops *ops, *more[2];
	struct {
		struct ring_ops __rcu *inner;
	};
	struct {
		struct ring_ops *ops;
	} hw ____cacheline_aligned;
	struct ring_part {
		struct ring_ops part_ops;
	} *part;
#ifdef CONFIG_RING_DEBUG
	struct ring_ops debug __aligned(8);
#endif
	struct ring *(*next)(struct ring *r);
};

typedef struct {
	struct ring *ring;
} ring_t;

extern struct ring ring_main;
`;

/** A core that calls the member, far from the driver and from the other structures. */
const mismatchOf = (core: string, want: string, more: Record<string, string> = {}) =>
  treeMismatch({ ...OTHERS, 'include/linux/ring.h': HEADER, 'net/ring/core.c': core, 'drivers/ring/pci.c': driver(want), ...more });

describe('the struct that a member is called in', () => {
  test('is known by the declaration of its variable, at whatever depth', () => {
    for (const [call, variables] of [
      ['ops->start(r);', 'const struct ring_ops *ops, struct ring *r'],
      ['r->ops->start(r);'],
      ['r->more[1]->start(r);'],
      ['r[2].ops->start(r);'],
      ['r->inner->start(r);'],
      ['r->hw.ops->start(r);'],
      ['r->part->part_ops.start(r);'],
      ['r->debug.start(r);'],
      ['(*r->ops->start)(r);'],
      ['t->ring->ops->start(r);', 'ring_t *t, struct ring *r'],
      ['ring_main.ops->start(r);'],
      ['struct ring *other = r->next(r), *last = other;\n\tlast->ops->start(r);'],
      ['if (r->ops && r->ops->start)\n\t\tr->ops->start(r);'],
    ] as const)
      assert.equal(mismatchOf(underLock(call, variables), WANT), '', call);
  });

  test('is known of the variables of a file', () => {
    for (const variable of [
      'static struct ring_ops *now;',
      'struct ring_ops __read_mostly *now, *then;',
      'static struct ring_ops *now = &ring_none;',
    ])
      assert.equal(mismatchOf(`${variable}\n${underLock('now->start(r);')}`, WANT), '', variable);
  });

  test('is not known of other variables, of what functions return, and of what two structs of one tag say differently', () => {
    for (const [call, variables] of [
      ['find_ops(r)->start(r);'],
      ['other->ops->start(r);'],
      ['r->ops->start(r);', 'union ring *r'],
      ['r->ops->start(r);', 'typeof(first) *r'],
      ['{ struct tube *r = first; r->ops->start(r); }'],
      ['u8 *ring_main = first; ring_main->ops->start(r);'],
    ] as const)
      assert.equal(mismatchOf(underLock(call, variables), ''), '', call);
    const namesake = 'struct ring {\n\tstruct hoop_ops *ops;\n};\n';
    assert.equal(mismatchOf(underLock('r->ops->start(r);'), '', { 'drivers/hoop/hoop.h': namesake }), '');
  });

  test('one function of it is the one that is called; each of many may be', () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`drivers/ring/ring${i}/main.c`, driver(PERHAPS).replaceAll('pci', `ring${i}`)]),
      );
    const core = underLock('r->ops->start(r);');
    assert.equal(mismatchOf(core, PERHAPS, many(20)), '');
    const silent = Object.fromEntries(Object.entries(many(45)).map(([path, text]) => [path, text.replace(PERHAPS, '')]));
    assert.equal(mismatchOf(core, '', silent), '');
  });

  test('a folder that stores functions of its own calls these', () => {
    const own = driver('').replaceAll('pci', 'own');
    assert.equal(mismatchOf(underLock('r->ops->start(r);'), '', { 'net/ring/own.c': own.replace('kmalloc(8, GFP_KERNEL)', 'NULL') }), '');
  });

  test('of several structs with one tag that of the folder is meant', () => {
    const namesake = { 'drivers/hoop/hoop.h': 'struct ring_ops {\n\tvoid (*start)(struct hoop *h);\n};\n' };
    assert.equal(mismatchOf(underLock('r->ops->start(r);'), '', namesake), '');
    const near = { ...namesake, 'drivers/ring/core.c': underLock('r->ops->start(r);').replace('ring_run', 'near_run') };
    assert.equal(mismatchOf('', WANT, near), '');
  });

  test('a lock of one driver does not lead through the core into another driver', () => {
    const core = 'int ring_start(struct ring *r)\n{\n\treturn r->ops->start(r);\n}\n';
    const locked = underLock('ring_start(r);');
    const usb = driver(PERHAPS).replaceAll('pci', 'usb');
    const shown = (path: string, want: string) =>
      mismatchOf(core, want, { [path]: locked, 'drivers/ringusb/main.c': usb.replace(PERHAPS, want) });
    assert.equal(shown('sound/card/main.c', ''), '');
    assert.equal(shown('net/ring/more.c', PERHAPS), '');
  });

  test('a command that a function behind a pointer is given may be another one', () => {
    const start = `
static int pci_start(struct ring *r, struct ring_command *command)
{
	switch (command->code) {
	case RING_GROW:
		r->item = kmalloc(8, GFP_KERNEL); ${PERHAPS}
		break;
	}
	return 0;
}

static const struct ring_ops pci_ops = {
	.start = pci_start,
};
`;
    assert.equal(mismatchOf(underLock('r->ops->start(r, &r->stop);'), '', { 'drivers/ring/pci.c': start }), '');
  });

  test('other structures that have such a member are not called', () => {
    const table = driver('', 'static const struct ring_more_ops pci_ops = {\n\t.start = pci_start,\n};');
    const core = underLock('r->ops->start(r);');
    assert.equal(mismatchOf(core, PERHAPS, { 'net/ring/other.c': table.replaceAll('pci', 'other') }).includes('other.c'), false);
  });
});

describe('the struct that a function is stored in', () => {
  const core = { 'net/ring/core.c': underLock('r->ops->start(r);') };

  test('is known within the braces of another one', () => {
    const table = (start: string) => `static struct ring pci_ring = {\n\t.count = 1,\n\t${start}\n};`;
    const shown = (start: string, call: string, want: string) =>
      treeMismatch({
        ...OTHERS,
        'include/linux/ring.h': HEADER,
        'net/ring/core.c': underLock(call),
        'drivers/ring/pci.c': driver(want, table(start)),
      });
    assert.equal(shown('.debug = {\n\t\t.start = pci_start,\n\t},', 'r->debug.start(r);', WANT), '');
    assert.equal(shown('.debug = { .start = pci_start }, .count = 2,', 'r->ops->start(r);', WANT), '');
    assert.equal(shown('{ .start = pci_start },', 'r->ops->start(r);', ''), '');
  });

  test('is known where it is assigned through other structs', () => {
    const assign = (target: string) => `void pci_init(struct ring *r)\n{\n\t${target} = pci_start;\n}`;
    for (const target of ['r->debug.start', 'r->part->part_ops.start', 'ring_main.debug.start'])
      assert.equal(
        treeMismatch({ ...OTHERS, ...core, 'include/linux/ring.h': HEADER, 'drivers/ring/pci.c': driver(WANT, assign(target)) }),
        '',
        target,
      );
  });

  test('is forgiven what the file says of its callbacks', () => {
    const assign = (flags: string) =>
      `void pci_init(struct ring *r)\n{\n\tr->cqe.done = pci_start;\n\tr->cq = ib_alloc_cq(r->dev, r, 8, 0, ${flags});\n}`;
    const header = { 'include/linux/pci_ring.h': 'struct ring {\n\tstruct ib_cqe cqe;\n};\n' };
    assert.equal(treeMismatch({ ...header, 'drivers/ring/pci.c': driver(PERHAPS, assign('IB_POLL_SOFTIRQ')) }), '');
    assert.equal(treeMismatch({ ...header, 'drivers/ring/pci.c': driver('', assign('IB_POLL_WORKQUEUE')) }), '');
    assert.equal(treeMismatch({ ...header, 'drivers/ring/pci.c': driver('', assign('IB_POLL_UNBOUND_WORKQUEUE')) }), '');
  });

  test('leads to the context that the catalogue knows', () => {
    const header = { 'include/linux/usb.h': 'struct pci_card {\n\tstruct urb tx;\n};\n' };
    const assign = 'void pci_init(struct pci_card *card)\n{\n\tcard->tx.complete = pci_start;\n}';
    assert.equal(treeMismatch({ ...header, 'drivers/ring/pci.c': driver(WANT, assign) }), '');
  });
});
