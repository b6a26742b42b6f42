import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const registered = (call: string, mask: string, want = '') => `
static int ring_fn(struct ring *r)
{
	r->item = kmalloc(8, ${mask});${want && ` // ${want}`}
	return 0;
}

static int ring_start(struct ring *r)
{
	return ${call};
}
`;

const reported = (call: string, mask: string, want = '') => treeMismatch({ 'drivers/ring/main.c': registered(call, mask, want) });

describe('functions that take a callback', () => {
  test('in an RCU section, under a lock, or in a softirq it must not sleep', () => {
    for (const call of [
      'ieee80211_iterate_active_interfaces_atomic(r->hw, 0, ring_fn, r)',
      'ieee80211_iterate_stations_atomic(r->hw, ring_fn, r)',
      'input_ff_create_memless(r->input, r, ring_fn)',
      'percpu_ref_init(&r->ref, ring_fn, 0, GFP_KERNEL)',
      'netif_napi_add_tx(r->dev, &r->napi, ring_fn)',
      'iio_triggered_buffer_setup(r->iio, ring_fn, NULL, NULL)',
      'mpt_event_register(r->index, ring_fn)',
      't3_register_cpl_handler(8, ring_fn)',
      'register_snap_client(r->desc, ring_fn)',
    ])
      assert.equal(reported(call, 'GFP_KERNEL', 'want sleep-in-atomic'), '', call);
  });

  test('a probe of a tracepoint runs with preemption off, whatever the tracepoint is called', () => {
    for (const call of ['register_trace_kfree_skb(ring_fn, r)', 'register_trace_prio_sched_switch(ring_fn, r, 1)'])
      assert.equal(reported(call, 'GFP_KERNEL', 'want sleep-in-atomic'), '', call);
    assert.equal(reported('register_ring_trace(ring_fn, r)', 'GFP_KERNEL'), '');
    assert.equal(reported('unregister_trace_kfree_skb(ring_fn, r)', 'GFP_KERNEL'), '');
  });

  test('a member that is handed to a tracepoint has the functions it holds called there', () => {
    const text = `
static int ring_probe(void *ignore, struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);	// want sleep-in-atomic
	return 0;
}

static const struct ring_trace_ops ring_trace_ops = {
	.kfree_cb = ring_probe,
};

static int ring_start(struct ring *r, const struct ring_trace_ops *ops)
{
	return register_trace_kfree_skb(ops->kfree_cb, r);
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
  });

  test('in process context it may', () => {
    for (const call of [
      'sdio_claim_irq(r->func, ring_fn)',
      'devm_add_action_or_reset(r->dev, ring_fn, r)',
      'wiphy_work_init(&r->work, ring_fn)',
      'iio_triggered_buffer_setup(r->iio, NULL, ring_fn, NULL)',
      'of_phy_connect(r->dev, r->np, ring_fn, 0, r->iface)',
    ]) {
      assert.equal(reported(call, 'GFP_KERNEL'), '', call);
      assert.equal(reported(call, 'GFP_ATOMIC', 'want needless-atomic'), '', call);
    }
  });
});

describe('runtime power management', () => {
  const driver = (table: string, want = '', probe = 'pm_runtime_enable(r->dev);') => `
static int ring_resume(struct device *dev)
{
	struct ring *r = dev_get_drvdata(dev);

	r->item = kmalloc(8, GFP_ATOMIC);${want && ` // ${want}`}
	return 0;
}

static const struct dev_pm_ops ring_pm_ops = {
	${table}
};

static void ring_set_up(struct ring *r)
{
	${probe}
}
`;
  const tables = ['SET_RUNTIME_PM_OPS(NULL, ring_resume, NULL)', '.runtime_resume = ring_resume,', '.resume_noirq = ring_resume,'];

  test('its callbacks may sleep', () => {
    for (const table of tables) assert.equal(treeMismatch({ 'drivers/ring/main.c': driver(table, 'want needless-atomic') }), '', table);
  });

  test('not in a driver that asks for them with interrupts off', () => {
    for (const table of tables.slice(0, 2))
      assert.equal(treeMismatch({ 'drivers/ring/main.c': driver(table, '', 'pm_runtime_irq_safe(r->dev);') }), '', table);
  });
});
