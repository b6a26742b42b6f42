import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const WANT = '// want sleep-in-atomic';
const PERHAPS = '// want? sleep-in-atomic';

/** A function that allocates with GFP_KERNEL, and one that hands it out. */
const user = (want: string, handOut: string) => `
static void ring_done(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
}

void ring_start(struct ring *r)
{
	${handOut}
}
`;

const underLock = (call: string) => `
void ring_finish(struct ring *r, int i)
{
	spin_lock(&r->lock);
	${call}
	spin_unlock(&r->lock);
}
`;

const HEADER = 'struct ring {\n\tvoid (*finished)(struct ring *r);\n\tvoid (*steps[4])(struct ring *r);\n\tstruct urb tx;\n};\n';

describe('functions that are stored by the functions they are passed to', () => {
  const shown = (parameter: string, store: string, call: string, want: string) =>
    treeMismatch({
      'include/linux/ring.h': HEADER,
      'net/ring/core.c': `void ring_register(struct ring *r, ${parameter})\n{\n\t${store}\n}\n${underLock(call)}`,
      'drivers/ring/main.c': user(want, 'ring_register(r, ring_done);'),
    });

  test('are called through the member', () => {
    for (const parameter of ['void (*done)(struct ring *r)', 'ring_done_fn done', 'ring_callback_t done'])
      assert.equal(shown(parameter, 'r->finished = done;', 'r->finished(r);', WANT), '', parameter);
    // A number is no function, and a parameter that is assigned to is not what was passed.
    assert.equal(shown('u32 done', 'r->finished = done;', 'r->finished(r);', ''), '');
    assert.equal(shown('void (*done)(struct ring *r)', 'done = ring_none;\n\tr->finished = done;', 'r->finished(r);', ''), '');
  });

  test('are called through an array', () => {
    assert.equal(shown('void (*done)(struct ring *r)', 'ring_steps[i] = done;', '(*ring_steps[i])(r);', PERHAPS), '');
    assert.equal(shown('void (*done)(struct ring *r)', 'r->steps[0] = done;', 'r->steps[i](r);', WANT), '');
  });

  test('through a wrapper of another file', () => {
    const files = {
      'include/linux/ring.h': HEADER,
      'net/ring/core.c': `void ring_register(struct ring *r, void (*done)(struct ring *r))\n{\n\tr->finished = done;\n}\n${underLock('r->finished(r);')}`,
      'net/ring/more.c': 'void ring_add(void (*done)(struct ring *r), struct ring *r)\n{\n\tring_register(r, done);\n}\n',
      'drivers/ring/main.c': user(WANT, 'ring_add(ring_done, r);'),
    };
    assert.equal(treeMismatch(files), '');
    const twice = { ...files, 'net/ring/more.c': files['net/ring/more.c'].replaceAll('ring_add', 'ring_first') };
    assert.equal(treeMismatch({ ...twice, 'drivers/ring/main.c': user('', 'ring_add(ring_done, r);') }), '');
  });

  test('in a member of a struct in a struct that the catalogue knows', () => {
    const files = {
      'include/linux/ring.h': HEADER,
      'net/ring/core.c': 'void ring_register(struct ring *r, usb_complete_t done)\n{\n\tr->tx.complete = done;\n}\n',
      'drivers/ring/main.c': user(WANT, 'ring_register(r, ring_done);'),
    };
    assert.equal(treeMismatch(files), '');
  });
});

describe('members that are registered in the place of what they hold', () => {
  const HANDED = 'struct ring_type {\n\tvoid (*done)(struct urb *urb);\n};\n\nstruct ring {\n\tconst struct ring_type *type;\n};\n';
  const table = `${user(WANT, '')}static const struct ring_type ring_type = {\n\t.done = ring_done,\n};\n`;
  const shown = (argument: string, text: string) =>
    treeMismatch({
      'include/linux/ring.h': HANDED,
      'net/ring/core.c': `void ring_register(struct ring *r, struct urb *urb)\n{\n\tusb_fill_int_urb(urb, r->dev, 0, r->buffer, 8, ${argument}, r, 1);\n}\n`,
      'drivers/ring/main.c': text,
    });

  test('say in which context that is called', () => {
    assert.equal(shown('r->type->done', table), '');
    assert.equal(shown('other->type->done', table.replace(WANT, '')), '');
    assert.equal(shown('r->type->start', table.replace(WANT, '')), '');
  });
});

describe('members that are handed to a wrapper', () => {
  test('are registered by it', () => {
    const files = {
      'include/linux/ring.h': 'struct ring_type {\n\tvoid (*read_callback)(struct urb *urb);\n};\n',
      'drivers/ring/main.c': `${user(WANT, '')}
static const struct ring_type ring_type = {
	.read_callback = ring_done,
};

static void ring_setup(struct ring *r, void (*callback)(struct urb *urb))
{
	usb_fill_int_urb(r->urb, r->dev, 0, r->buffer, 8, callback, r, 1);
}

void ring_open(struct ring *r, const struct ring_type *type)
{
	ring_setup(r, type->read_callback);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });
});

describe('functions that are handed on to one that calls them', () => {
  const core = (hold: string, held: string) => `
static void ring_each_part(struct ring *r, void (*fn)(struct ring *r))
{
	${held}_lock(&r->parts);
	fn(r);
	${held}_unlock(&r->parts);
}

void ring_each(struct ring *r, void (*fn)(struct ring *r))
{
	${hold}_lock(&r->lock);
	ring_each_part(r, fn);
	${hold}_unlock(&r->lock);
}
`;

  test('run under the locks of both', () => {
    const shown = (hold: string, held: string, want: string) =>
      treeMismatch({ 'net/ring/core.c': core(hold, held), 'drivers/ring/main.c': user(want, 'ring_each(r, ring_done);') });
    assert.equal(shown('mutex', 'spin', WANT), '');
    assert.equal(shown('spin', 'mutex', WANT), '');
    assert.equal(shown('spin', 'spin', WANT), '');
    assert.equal(shown('mutex', 'mutex', ''), '');
  });
});
