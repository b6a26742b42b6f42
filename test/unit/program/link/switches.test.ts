import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const event = (cases: string) => `
void ring_event(struct ring *r, int event)
{
	switch (event) {
	${cases}
	}
}

void ring_sleep(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); // WANT
}

void ring_calm(struct ring *r)
{
}
`;

const caller = (constant: string) => `
void ring_tell(struct ring *r)
{
	spin_lock(&r->lock);
	ring_pass(r, ${constant});
	spin_unlock(&r->lock);
}

void ring_pass(struct ring *r, int event)
{
	ring_event(r, event);
}
`;

function mismatch(cases: string, constant: string, want: string): string {
  return treeMismatch({ 'drivers/ring/event.c': event(cases).replace('WANT', want), 'drivers/ring/main.c': caller(constant) });
}

const SURE = 'want sleep-in-atomic';
const PERHAPS = 'want? sleep-in-atomic';
const NEVER = '';

const APART = 'case RING_GROW:\n\t\tring_sleep(r);\n\t\tbreak;\n\tcase RING_STOP:\n\t\tring_calm(r);\n\t\tbreak;';

describe('a named constant that is handed to a switch', () => {
  test('leads to its own case, through several calls', () => {
    assert.equal(mismatch(APART, 'RING_GROW', SURE), '');
    assert.equal(mismatch(APART, 'RING_STOP', NEVER), '');
  });

  test('a value that nobody knows may lead anywhere', () => {
    assert.equal(mismatch(APART, 'r->event', PERHAPS), '');
    assert.equal(mismatch(APART, 'OTHER_NAME', NEVER), '');
  });

  test('cases that fall through, share a statement or have a block', () => {
    const through = APART.replace('\n\t\tbreak;\n\tcase RING_STOP', '\n\tcase RING_STOP').replace('ring_calm', 'ring_also');
    assert.equal(mismatch(through, 'RING_GROW', SURE), '');
    assert.equal(mismatch('case RING_STOP:\n\t\tring_calm(r);\n\tcase RING_GROW:\n\t\tring_sleep(r);', 'RING_STOP', SURE), '');
    assert.equal(mismatch('case RING_STOP:\n\tcase RING_GROW:\n\t\tring_sleep(r);\n\t\tbreak;', 'RING_STOP', SURE), '');
    const block = 'case RING_STOP: {\n\t\tring_calm(r);\n\t\tbreak;\n\t}\n\tcase RING_GROW:\n\t\tring_sleep(r);';
    assert.equal(mismatch(block, 'RING_STOP', NEVER), '');
    const onlyPerhaps = 'case RING_STOP:\n\t\tif (r->calm)\n\t\t\tbreak;\n\tcase RING_GROW:\n\t\tring_sleep(r);';
    assert.equal(mismatch(onlyPerhaps, 'RING_STOP', SURE), '');
  });

  test('default, numbers and gotos lead from anywhere', () => {
    assert.equal(mismatch('case RING_STOP:\n\t\tbreak;\n\tdefault:\n\t\tring_sleep(r);', 'RING_GROW', PERHAPS), '');
    assert.equal(mismatch('case 1:\n\t\tring_sleep(r);\n\t\tbreak;', 'RING_GROW', PERHAPS), '');
    const jumps = APART.replace('ring_calm(r);\n\t\tbreak;', 'goto grow;').replace('ring_sleep', '\n grow:\n\t\tring_sleep');
    assert.equal(mismatch(jumps, 'RING_STOP', PERHAPS), '');
    assert.equal(mismatch(jumps, 'RING_GROW', SURE), '');
  });

  test('a parameter that is assigned to first is not what was passed', () => {
    const text = event(APART).replace('switch (event)', 'event = r->next;\n\tswitch (event)').replace('WANT', PERHAPS);
    assert.equal(treeMismatch({ 'drivers/ring/event.c': text, 'drivers/ring/main.c': caller('RING_STOP') }), '');
  });

  test('on a member of what a callback is handed leads to every case; a caller may have chosen', () => {
    const text = (register: string) => `
static void ring_take(struct ring *r, struct sk_buff *skb)
{
	switch (skb->protocol) {
	case RING_GROW:
		r->item = kmalloc(8, GFP_KERNEL); // ${register.startsWith('static') ? SURE : PERHAPS}
		break;
	}
}

static void ring_pass(struct ring *r, struct sk_buff *skb)
{
	ring_take(r, skb);
}

static netdev_tx_t ring_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct ring *r = netdev_priv(dev);

	${register.startsWith('static') ? '' : 'spin_lock(&r->lock);'}
	ring_pass(r, skb);
	return NETDEV_TX_OK;
}
${register.startsWith('static') ? register : ''}
`;
    assert.equal(
      treeMismatch({ 'drivers/ring/main.c': text('static const struct net_device_ops ring_ops = { .ndo_start_xmit = ring_xmit };') }),
      '',
    );
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text('') }), '');
  });
});

describe('a switch on the letters of a text', () => {
  test('leaves it open which calls are made, also in callbacks', () => {
    const text = (want: string, key: string) => `
static void ring_read(struct ring *r, const char *format)
{
	const char *at;

	for (at = format; *at; at++) {
		switch (${key}) {
		case 's':
			r->item = kmalloc(8, GFP_KERNEL); ${want}
			break;
		}
	}
}

static void ring_tick(struct timer_list *t)
{
	ring_read(ring_of(t), "db");
}

void ring_start(struct ring *r)
{
	timer_setup(&r->timer, ring_tick, 0);
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('// want? sleep-in-atomic', '*at') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('// want sleep-in-atomic', 'ring_state') }), '');
  });
});
