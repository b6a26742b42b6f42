import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

/** A callback that allocates with GFP_KERNEL. */
const callback = (name: string, want: string, specifiers = '') => `
${specifiers}int ${name}(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}
`;
const WANT = '// want sleep-in-atomic';
const PERHAPS = '// want? sleep-in-atomic';

describe('functions registered as callbacks', () => {
  test('in the file that defines them, with and without &', () => {
    for (const ring_tick of ['ring_tick', '&ring_tick']) {
      const text = `${callback('ring_tick', `${WANT} "ring_tick() runs in softirq context (timer_setup())"`, 'static ')}
void ring_start(struct ring *r)
{
	timer_setup(&r->timer, ${ring_tick}, 0);
}
`;
      assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
    }
  });

  test('through a wrapper of another file, and through a wrapper of that', () => {
    const files = {
      'drivers/ring/timers.c': `
void ring_timer(struct ring *r, void (*fn)(struct timer_list *))
{
	timer_setup(&r->timer, fn, 0);
}
`,
      'drivers/ring/more.c': `
void ring_second_timer(void (*fn)(struct timer_list *), struct ring *r)
{
	ring_timer(r, fn);
}
`,
      'drivers/ring/main.c': `
${callback('ring_tick', `${WANT} "timer_setup()"`, 'static ')}
${callback('ring_tock', `${WANT} "timer_setup()"`, 'static ')}
void ring_start(struct ring *r)
{
	ring_timer(r, ring_tick);
	ring_second_timer(ring_tock, r);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a wrapper for process context says nothing against sleeping', () => {
    const files = {
      'drivers/ring/work.c': 'void ring_defer(struct ring *r, work_func_t fn)\n{\n\tINIT_WORK(&r->work, fn);\n}\n',
      'drivers/ring/main.c': `
${callback('ring_tick', '', 'static ')}
void ring_start(struct ring *r)
{
	ring_defer(r, ring_tick);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a threaded interrupt: the handler must not sleep, the thread may', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_irq', `${WANT} "hard interrupt"`, 'static ')}
${callback('ring_thread', '', 'static ')}
int ring_start(struct ring *r)
{
	return request_threaded_irq(r->irq, ring_irq, ring_thread, 0, "ring", r);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a function passed to an iterator of another file that calls it under a lock', () => {
    const files = {
      'lib/each.c': `
void ring_each(struct ring *r, int (*fn)(struct ring *))
{
	spin_lock(&r->lock);
	fn(r);
	spin_unlock(&r->lock);
}
`,
      'drivers/ring/main.c': `
${callback('ring_show', `${WANT} "spinlock &r->lock is held in ring_each()"`, 'static ')}
void ring_show_all(struct ring *r)
{
	ring_each(r, ring_show);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an iterator that calls it without the lock as well may choose', () => {
    const files = {
      'lib/each.c': `
void ring_each(struct ring *r, int (*fn)(struct ring *))
{
	if (r->slow) {
		fn(r);
		return;
	}
	spin_lock(&r->lock);
	fn(r);
	spin_unlock(&r->lock);
}
`,
      'drivers/ring/main.c': `
${callback('ring_show', '// want? sleep-in-atomic', 'static ')}
void ring_show_all(struct ring *r)
{
	ring_each(r, ring_show);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('the end of a bio may come from a work item, so it is only possible', () => {
    const text = `
${callback('ring_end_io', '// want? sleep-in-atomic', 'static ')}
void ring_submit(struct bio *bio)
{
	bio->bi_end_io = ring_end_io;
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
  });
});

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
});

describe('operation tables', () => {
  test('a designated member, with and without &', () => {
    for (const ring_xmit of ['ring_xmit', '&ring_xmit']) {
      const text = `
${callback('ring_xmit', `${WANT} "struct net_device_ops, member ndo_start_xmit"`, 'static ')}
${callback('ring_open', '', 'static ')}
static const struct net_device_ops ring_ops = {
	.ndo_start_xmit = ${ring_xmit},
	.ndo_open = ring_open,
};
`;
      assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '');
    }
  });

  test('an array of tables', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_xmit', WANT, 'static ')}
static const struct net_device_ops ring_ops[] = {
	{ .ndo_open = ring_open },
	{ .ndo_start_xmit = ring_xmit },
};
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('an array with designated elements', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_xmit', WANT, 'static ')}
static const struct net_device_ops ring_ops[RING_KINDS] = {
	[RING_BIG] = { .ndo_start_xmit = ring_xmit },
};
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a table nested in another struct is known by its member’s name alone', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_complete', PERHAPS, 'static ')}
${callback('ring_open', '', 'static ')}
static struct ring_kind ring_kind = {
	.open = ring_open,
	.queue = {
		.queue_rqs = ring_complete,
	},
};
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a member of the same name in another struct says nothing', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_rqs', '', 'static ')}
static struct ring_ops ring_ops = {
	.queue_rqs = ring_rqs,
};
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a member assigned in a function', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_xmit', WANT, 'static ')}
void ring_start(struct net_device_ops *ops)
{
	ops->ndo_start_xmit = ring_xmit;
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  const queue = (flags: string) => `
${callback('ring_queue_rq', flags === '' ? WANT : '', 'static ')}
static const struct blk_mq_ops ring_mq_ops = {
	.queue_rq = ring_queue_rq,
};

void ring_start(struct ring *r)
{
	r->set.flags = BLK_MQ_F_SHOULD_MERGE${flags};
}
`;

  test('trigger() of a table that another file registers is possible: the stream may be made nonatomic there', () => {
    const ops = (specifiers: string, want: string) =>
      `${callback('ring_trigger', want, 'static ')}\n${specifiers}const struct snd_pcm_ops ring_ops = {\n\t.trigger = ring_trigger,\n};\n`;
    assert.equal(treeMismatch({ 'sound/ring/pcm.c': ops('static ', WANT) }), '');
    assert.equal(treeMismatch({ 'sound/ring/pcm.c': ops('', PERHAPS) }), '');
  });

  test('queue_rq() must not sleep, unless the file says BLK_MQ_F_BLOCKING', () => {
    assert.equal(treeMismatch({ 'drivers/block/ring.c': queue('') }), '');
    const blocking = verdictLines(linkTree({ 'drivers/block/ring.c': queue(' | BLK_MQ_F_BLOCKING') }));
    assert.deepEqual(
      blocking.filter((line) => line.includes(' atomic ')),
      [],
    );
  });
});

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

describe('functions handed out by another file than their own', () => {
  test('to a registering function', () => {
    const files = {
      'drivers/ring/tick.c': callback('ring_tick', `${WANT} "ring_tick() runs in softirq context (timer_setup())"`),
      'drivers/ring/main.c': 'void ring_start(struct ring *r)\n{\n\ttimer_setup(&r->timer, ring_tick, 0);\n}\n',
    };
    assert.equal(treeMismatch(files), '');
  });

  test('to a wrapper of it', () => {
    const files = {
      'drivers/ring/tick.c': callback('ring_tick', WANT),
      'drivers/ring/main.c': `
void ring_timer(struct ring *r, void (*fn)(struct timer_list *))
{
	timer_setup(&r->timer, fn, 0);
}

void ring_start(struct ring *r)
{
	ring_timer(r, ring_tick);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('in an operation table', () => {
    const files = {
      'drivers/ring/xmit.c': callback('ring_xmit', `${WANT} "struct net_device_ops, member ndo_start_xmit"`),
      'drivers/ring/main.c': 'static const struct net_device_ops ring_ops = {\n\t.ndo_start_xmit = ring_xmit,\n};\n',
    };
    assert.equal(treeMismatch(files), '');
  });

  test('in a notifier block', () => {
    const files = {
      'drivers/ring/event.c': callback('ring_event', WANT),
      'drivers/ring/main.c': `
static struct notifier_block ring_nb = { .notifier_call = ring_event };

int ring_start(void)
{
	return register_die_notifier(&ring_nb);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('a variable or a parameter of the same name is none', () => {
    const files = {
      'drivers/ring/tick.c': callback('tick', ''),
      'drivers/wheel/main.c': `
void wheel_start(struct wheel *w, timer_fn_t tick)
{
	timer_setup(&w->timer, tick, 0);
}

void wheel_restart(struct wheel *w)
{
	timer_fn_t tick = w->tick;

	timer_setup(&w->timer, tick, 0);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('through a wrapper that stores it in a member', () => {
    const files = (store: string, want: string) => ({
      'drivers/ring/main.c': `
${callback('ring_done', want, 'static ')}

static void ring_fill(struct urb *urb, struct ring *r, usb_complete_t complete)
{
	${store}
	urb->context = r;
}

static int ring_fill_all(struct ring *r, usb_complete_t done)
{
	ring_fill(r->first, r, done);
	return 0;
}

int ring_start(struct ring *r)
{
	return ring_fill_all(r, ring_done);
}
`,
    });
    assert.equal(treeMismatch(files('urb->complete = complete;', `${WANT} "struct urb, member complete"`)), '');
    assert.equal(treeMismatch(files('urb->ring_complete = complete;', '')), '');
    assert.equal(treeMismatch(files('complete = r->complete;\n\turb->complete = complete;', '')), '');
    assert.equal(treeMismatch(files('if (urb->complete == complete)\n\t\treturn;', '')), '');
  });

  test('a notifier block that is filled at run time is registered behind that', () => {
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

  test('DEF_SCSI_QCMD() calls its function with a lock of the host held', () => {
    const text = (macro: string, want: string) => `
static int ring_queuecommand_lck(struct scsi_cmnd *cmd)
{
	struct ring *r = shost_priv(cmd->device->host);

	r->item = kmalloc(8, GFP_KERNEL); ${want}
	return 0;
}

${macro}

static int ring_abort(struct scsi_cmnd *cmd)
{
	return 0;
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('static DEF_SCSI_QCMD(ring_queuecommand)', WANT) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('DEF_SCSI_QCMD(ring_queuecommand)', WANT) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('DEF_RING_QCMD(ring_queuecommand)', '') }), '');
  });

  test('a member that another structure of the tree has as well tells nothing by its name alone', () => {
    const text = (other: string) => `
${callback('ring_hook', other === '' ? PERHAPS : '', 'static ')}
void ring_fill(struct ring *r)
{
	r->below.tx_prepare = ring_hook;
}
${other}
`;
    const tube = `
const struct tube_ops tube_ops = {
	.tx_prepare = tube_prepare,
};
`;
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text('') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/a.c': text(tube) }), '');
  });

  test('a function given to a macro that calls it is called there', () => {
    const text = (body: string, lock: string, want: string) => `
${callback('ring_defragment', want, 'static ')}
#define CALL_RXH(ring, rxh) \\
	do { \\
		res = ${body}; \\
		if (res != RING_CONTINUE) \\
			goto next; \\
	} while (0)

void ring_receive(struct ring *r, struct sk_buff_head *frames)
{
	int res = 0;

	${lock}_lock(&r->lock);
	while (ring_next(r, frames)) {
		CALL_RXH(r, ring_defragment);
next:
		ring_result(r, res);
	}
	${lock}_unlock(&r->lock);
}
`;
    const shown = (body: string, lock: string, want: string) => treeMismatch({ 'net/ring/rx.c': text(body, lock, want) });
    assert.equal(shown('rxh(ring)', 'spin', WANT), '');
    assert.equal(shown('rxh(ring)', 'mutex', ''), '');
    // The macro only looks at it, or calls something whose name contains the parameter's.
    assert.equal(shown('(ring)->handler == (rxh)', 'spin', ''), '');
    assert.equal(shown('ring_rxh(ring)', 'spin', ''), '');
  });

  test('what is called an urb is one, however long the way to it', () => {
    const text = (place: string, want: string) => `
${callback('ring_done', want, 'static ')}
static const struct dev_pm_ops ring_pm = {
	.complete = ring_resumed,
};

void ring_fill(struct ring *r)
{
	${place}->complete = ring_done;
}
`;
    for (const place of ['r->in_urb', 'r->urb', 'r->pipe->tx_urb'])
      assert.equal(treeMismatch({ 'drivers/ring/a.c': text(place, WANT) }), '', place);
    for (const place of ['r->pm', 'r->turbo']) assert.equal(treeMismatch({ 'drivers/ring/a.c': text(place, '') }), '', place);
  });

  test('operation tables of the network and of devices', () => {
    const table = (type: string, member: string, want: string) => `
${callback('ring_hook', want, 'static ')}
const struct ${type} ring_table = {
	.${member} = ring_hook,
};
`;
    const shown = (type: string, member: string, want: string) => treeMismatch({ 'drivers/ring/a.c': table(type, member, want) });
    for (const [type, member] of [
      ['lwtunnel_encap_ops', 'output'],
      ['dsa_device_ops', 'xmit'],
      ['hdlc_proto', 'xmit'],
      ['xfrm_mgr', 'acquire'],
      ['sd_desc', 'pkt_scan'],
      ['usb_function', 'set_alt'],
      ['scomp_alg', 'compress'],
    ])
      assert.equal(shown(type!, member!, WANT), '', member);
    assert.equal(shown('rpmsg_driver', 'callback', PERHAPS), '');
    assert.equal(shown('lwtunnel_encap_ops', 'build_state', ''), '');
  });
});
