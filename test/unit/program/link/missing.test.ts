import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, verdictLines } from '../../../support/linkedTree';

/** Calls `call` with a spinlock held, and once more where nothing is held. */
const callers = (call: string, elsewhere = true) => `
void ring_fill(struct ring *r, struct node *n)
{
	spin_lock(&r->lock);
	${call};
	spin_unlock(&r->lock);
}
${elsewhere ? `\nint ring_open(struct ring *r, struct node *n)\n{\n\treturn ${call};\n}\n` : ''}`;

/** What is said of the allocations of `drivers/ring/mem.c`. */
function certainties(callee: string, call = 'ring_grow(r)', elsewhere = true): string {
  const tree = linkTree({ 'drivers/ring/main.c': callers(call, elsewhere), 'drivers/ring/mem.c': callee });
  return verdictLines(tree)
    .flatMap((line) => /^drivers\/ring\/mem\.c:\d+ atomic (\w+)/.exec(line)?.[1] ?? [])
    .join(' ');
}

const grow = (statements: string) => `
int ring_grow(struct ring *r)
{
	struct item *item = r->first;
	char stack[64], *text;

	${statements}
	return 0;
}
`;

describe('memory that may be there already', () => {
  const made: [string, string][] = [
    ['a member', 'if (!r->buf)\n\t\tr->buf = kmalloc(8, GFP_KERNEL);'],
    ['in braces, with a comparison', 'if (unlikely(r->buf == NULL)) {\n\t\tr->buf = kmalloc(8, GFP_KERNEL);\n\t}'],
    ['through a variable', 'if (!r->buf) {\n\t\ttext = kmalloc(8, GFP_KERNEL);\n\t\tr->buf = text;\n\t}'],
    ['or too small', 'if (!r->buf || r->size < 8) {\n\t\tr->buf = kmalloc(8, GFP_KERNEL);\n\t}'],
    ['a pointer that was looked up', 'if (!item)\n\t\titem = kmalloc(8, GFP_KERNEL);'],
    [
      'a buffer on the stack in its place',
      'if (r->len > sizeof(stack))\n\t\ttext = kmalloc(r->len, GFP_KERNEL);\n\telse\n\t\ttext = stack;',
    ],
    [
      'an early return when it is done',
      'if (r->flags & RING_READY)\n\t\treturn 0;\n\tr->buf = kmalloc(8, GFP_KERNEL);\n\tr->flags |= RING_READY;',
    ],
    ['an early return by a member', 'if (r->ready)\n\t\treturn 0;\n\tr->buf = kmalloc(8, GFP_KERNEL);\n\tr->ready = true;'],
  ];
  for (const [name, statements] of made) {
    test(`${name}: possible when the function is also called where sleeping is allowed`, () => {
      assert.equal(certainties(grow(statements)), 'possible');
    });
    test(`${name}: certain when nobody else calls it`, () => {
      assert.equal(certainties(grow(statements), 'ring_grow(r)', false), 'definite');
    });
  }

  const always: [string, string][] = [
    ['made whatever is there', 'r->buf = kmalloc(8, GFP_KERNEL);'],
    ['no error so far', 'int err = ring_reset(r);\n\tif (!err)\n\t\terr = ring_add(r, kmalloc(8, GFP_KERNEL));'],
    ['another member is empty', 'if (!r->busy)\n\t\tr->buf = kmalloc(8, GFP_KERNEL);'],
    ['the length of a header', 'if (r->len > sizeof(stack))\n\t\ttext = kmalloc(r->len, GFP_KERNEL);'],
    ['another flag is set', 'if (r->flags & RING_DEAD)\n\t\treturn 0;\n\tr->buf = kmalloc(8, GFP_KERNEL);\n\tr->flags |= RING_READY;'],
  ];
  for (const [name, statements] of always)
    test(`${name}: certain`, () => {
      assert.equal(certainties(grow(statements)), 'definite');
    });

  test('two callers under the lock have nobody who made it before', () => {
    const files = {
      'drivers/ring/main.c': callers('ring_grow(r)', false) + callers('ring_grow(r)', false).replaceAll('ring_fill', 'ring_drain'),
      'drivers/ring/mem.c': grow('if (!r->buf)\n\t\tr->buf = kmalloc(8, GFP_KERNEL);'),
    };
    assert.match(verdictLines(linkTree(files))[0]!, /atomic definite/);
  });
});

describe('what callers pass', () => {
  const step = (statements: string) => `
int ring_step(struct ring *r, struct node *node, int flags)
{
	${statements}
	return 0;
}
`;
  const allocate = 'r->buf = kmalloc(8, GFP_KERNEL);';
  const rows: [name: string, statements: string, call: string, want: string][] = [
    ['NULL does not get behind a test for a pointer', `if (node)\n\t\t${allocate}`, 'ring_step(r, NULL, 0)', ''],
    ['nor behind a comparison', `if (node != NULL) {\n\t\t${allocate}\n\t}`, 'ring_step(r, NULL, 0)', ''],
    ['a pointer gets there', `if (node != NULL)\n\t\t${allocate}`, 'ring_step(r, n, 0)', 'definite'],
    ['whether a pointer is NULL is not known', `if (!node)\n\t\t${allocate}`, 'ring_step(r, n, 0)', 'possible'],
    ['NULL is NULL', `if (!node)\n\t\t${allocate}`, 'ring_step(r, NULL, 0)', 'definite'],
    ['else: NULL gets there', `if (node)\n\t\tring_reset(r);\n\telse\n\t\t${allocate}`, 'ring_step(r, NULL, 0)', 'definite'],
    ['a bit of 0 is never set', `if (flags & RING_SYNC)\n\t\t${allocate}`, 'ring_step(r, n, 0)', ''],
    ['a bit of something may be', `if (flags & RING_SYNC)\n\t\t${allocate}`, 'ring_step(r, n, r->flags)', 'definite'],
    ['a member is no parameter, though it is called the same', `r->node = n;\n\tif (node)\n\t\t${allocate}`, 'ring_step(r, NULL, 0)', ''],
    [
      'the address of a member is not that of the pointer',
      `ring_note(&node->list);\n\tif (node)\n\t\t${allocate}`,
      'ring_step(r, NULL, 0)',
      '',
    ],
    [
      'a parameter that is changed is what nobody passed',
      `node = ring_first(r);\n\tif (node)\n\t\t${allocate}`,
      'ring_step(r, NULL, 0)',
      'definite',
    ],
  ];
  for (const [name, statements, call, want] of rows) {
    test(name, () => {
      assert.equal(certainties(step(statements), call), want);
    });
    test(`${name}, in a function with a lock of its own`, () => {
      assert.equal(certainties(step(`mutex_unlock(&r->other);\n\t${statements}`), call), want);
    });
  }
});

test('reclaim in a transaction waits for whoever makes it first', () => {
  const open = callers('ring_grow(r)')
    .replace('spin_lock(&r->lock);', 'btrfs_start_transaction(r->root, 1);')
    .replace('spin_unlock(&r->lock);', '');
  const files = { 'fs/btrfs/main.c': open, 'fs/btrfs/mem.c': grow('if (!r->buf)\n\t\tr->buf = kmalloc(8, GFP_KERNEL);') };
  assert.match(verdictLines(linkTree(files))[0]!, /no-fs definite/);
});

test('a callback that makes what is missing does so, whoever else calls it', () => {
  const callback = `
static int ring_write(struct tty_struct *tty, struct usb_serial_port *port, const unsigned char *data, int count)
{
	struct urb *urb = port->write_urb;

	if (!urb->transfer_buffer)
		urb->transfer_buffer = kmalloc(64, GFP_KERNEL);
	return 0;
}

static void ring_throttle(struct tty_struct *tty)
{
	ring_write(tty, tty->port, &stop, 1);
}

static struct usb_serial_driver ring_driver = {
	.write = ring_write,
};
`;
  assert.match(verdictLines(linkTree({ 'drivers/usb/serial/ring.c': callback }))[0]!, /atomic definite/);
});
