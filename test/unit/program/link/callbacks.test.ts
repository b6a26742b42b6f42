import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';
import { callback, WANT } from './callback';

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
});
