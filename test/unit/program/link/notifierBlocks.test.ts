import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';
import { callback, WANT } from './callback';

describe('notifier blocks', () => {
  const block = (register: string) => `
static struct notifier_block ring_nb = {
	.notifier_call = ring_event,
	.priority = 1,
};

int ring_start(void)
{
	return ${register}(&ring_nb);
}
`;

  test('the chain they are registered with decides', () => {
    assert.equal(treeMismatch({ 'drivers/ring/a.c': callback('ring_event', WANT, 'static ') + block('register_die_notifier') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': callback('ring_event', '', 'static ') + block('register_netdevice_notifier') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': callback('ring_event', '', 'static ') + block('register_ring_notifier') }), '');
  });

  test('the block is in another file than the function', () => {
    const files = {
      'drivers/ring/event.c': callback('ring_event', WANT),
      'drivers/ring/main.c': `
static struct notifier_block ring_nb __read_mostly = { .notifier_call = ring_event };

int ring_start(void)
{
	return register_die_notifier(&ring_nb);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a block that is filled at run time is registered behind that', () => {
    const text = (register: string, want: string) => `
static int ring_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct ring *r = container_of(nb, struct ring, nb);

	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}

int ring_init(struct ring *r)
{
	r->nb.notifier_call = ring_event;
	return ${register};
}
`;
    const shown = (register: string, want: string) => treeMismatch({ 'drivers/ring/a.c': text(register, want) });
    assert.equal(shown('register_netevent_notifier(&r->nb)', WANT), '');
    assert.equal(shown('atomic_notifier_chain_register(ring_chain(r, 0), &r->nb)', WANT), '');
    assert.equal(shown('register_fib_notifier(ring_net(r), &r->nb, NULL, NULL)', WANT), '');
    assert.equal(shown('register_netdevice_notifier(&r->nb)', ''), '');
    assert.equal(shown('ring_listen(&r->nb)', ''), '');
  });
});
