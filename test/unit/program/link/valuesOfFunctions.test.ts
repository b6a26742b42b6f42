import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const driver = (statements: string, mask: string, want = '') => `
static void ring_done(struct urb *urb)
{
	usb_submit_urb(urb, ${mask});${want && ` // ${want}`}
}

static void ring_other(struct urb *urb)
{
}

int ring_start(struct ring *r, bool rcv)
{
	${statements}
	return 0;
}
`;

const ATOMIC = 'want sleep-in-atomic';
const mismatch = (statements: string, want = ATOMIC) => treeMismatch({ 'drivers/ring/main.c': driver(statements, 'GFP_KERNEL', want) });
const fill = (value: string) => `usb_fill_bulk_urb(r->urb, r->dev, 0, r->buf, 8, ${value}, r);`;

describe('a function that is registered', () => {
  test('by a cast', () => {
    assert.equal(mismatch(fill('(usb_complete_t)ring_done')), '');
    assert.equal(mismatch(fill('(usb_complete_t)&ring_done')), '');
    assert.equal(mismatch('r->urb->complete = (usb_complete_t)ring_done;'), '');
  });

  test('as one of two', () => {
    assert.equal(mismatch(fill('rcv ? ring_done : ring_other')), '');
    assert.equal(mismatch(fill('r->kind == 3 ? ring_other : ring_done')), '');
    assert.equal(mismatch('r->urb->complete = (rcv ? ring_done : ring_other);', ''), '');
    assert.equal(mismatch('r->urb->complete = rcv ? ring_other : (usb_complete_t)ring_done;'), '');
  });

  test('out of a local variable', () => {
    assert.equal(
      mismatch(`usb_complete_t done;\n\tif (rcv)\n\t\tdone = &ring_done;\n\telse\n\t\tdone = ring_other;\n\t${fill('done')}`),
      '',
    );
    assert.equal(mismatch(`usb_complete_t done = rcv ? ring_done : ring_other;\n\t${fill('done')}`), '');
    assert.equal(mismatch('usb_complete_t done = ring_done;\n\tr->urb->complete = done;'), '');
  });

  test('but not as the condition, or out of a variable that is not its own', () => {
    assert.equal(mismatch(fill('ring_done == r->done ? NULL : ring_other'), ''), '');
    assert.equal(mismatch(fill('ring_global'), ''), '');
  });

  const passed = (value: string) => `
static int ring_item(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return 0;
}

static int ring_item_atomic(struct ring *r)
{
	return 0;
}

static void each_item(struct ring *r, int (*fn)(struct ring *r))
{
	spin_lock(&r->lock);
	fn(r);
	spin_unlock(&r->lock);
}

int ring_start(struct ring *r, bool rcv)
{
	each_item(r, ${value});
	return 0;
}
`;

  test('one of two for an iterator may be chosen by what the iterator holds', () => {
    assert.equal(treeMismatch({ 'drivers/ring/main.c': passed('rcv ? ring_item_atomic : ring_item') }), '');
  });
});

describe('a callback that takes and gives back a lock of another file', () => {
  test('is still a callback behind it', () => {
    const lock = (irq: string, back: string) => `
static void ring_done(struct urb *urb)
{
	unsigned long flags;

	ring_stream_lock${irq}(urb->context, flags);
	ring_stream_unlock${back}(urb->context, flags);
	usb_submit_urb(urb, GFP_KERNEL); // want sleep-in-atomic
}

int ring_start(struct ring *r)
{
	${fill('ring_done')}
	return 0;
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': lock('_irqsave', '_irqrestore') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': lock('_irq', '_irq') }), '');
  });
});
