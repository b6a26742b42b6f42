import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';
import { callback, PERHAPS, WANT } from './callback';

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

  test('a struct that is declared with its table keeps its own name', () => {
    const table = (specifiers: string) => `
${callback('ring_done', WANT, 'static ')}
static ${specifiers} {
	void (*done)(struct urb *urb);
	void (*start)(struct ring *r, struct urb *urb);
} ring_kinds[] = {
	{ .done = ring_done },
};

static void ring_set_up(struct ring *r, struct urb *urb)
{
	struct ring_kind *kind = &ring_kinds[r->kind];

	usb_fill_int_urb(urb, r->udev, r->pipe, r->buf, 8, kind->done, r, 1);
}
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': table('const struct ring_kind') }), '');
    const unnamed = `
${callback('ring_queue', PERHAPS, 'static ')}
static struct {
	int (*queuecommand)(struct ring *r, struct scsi_host_template *template);
} ring_table = {
	.queuecommand = ring_queue,
};
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': unnamed }), '');
  });

  test('a table of a function that gives it to virtio_find_vqs(), as it was up to 6.10 and as it is since then', () => {
    const files = {
      'drivers/ring/main.c': `
${callback('ring_in', `${WANT} "virtio_find_vqs()"`, 'static ')}
${callback('ring_done', `${WANT} "struct virtqueue_info, member callback"`, 'static ')}
${callback('ring_other', '', 'static ')}
static int ring_queues(struct ring *r, struct virtio_device *vdev)
{
	vq_callback_t *callbacks[] = { ring_in, NULL };
	vq_callback_t *others[] = { ring_other, NULL };

	ring_keep(r, others);
	return virtio_find_vqs(vdev, 2, r->vqs, callbacks, r->names, NULL);
}

static int ring_new_queues(struct ring *r, struct virtio_device *vdev)
{
	struct virtqueue_info queues[RING_QUEUES] = {
		{ "in" },
		[RING_DONE] = { "done", ring_done },
	};
	struct ring_info infos[] = {
		{ "other", ring_other },
	};

	ring_keep(r, infos);
	return virtio_find_vqs(vdev, 2, r->vqs, queues, NULL);
}
`,
    };
    assert.equal(treeMismatch(files), '');
  });

  test('members that ioctls, attributes and requests of netlink lead to may sleep', () => {
    for (const [struct, member] of [
      ['vb2_ops', 'buf_prepare'],
      ['dvb_demux', 'start_feed'],
      ['iscsi_transport', 'ep_connect'],
      ['sas_function_template', 'phy_reset'],
      ['snd_info_entry_ops', 'read'],
    ]) {
      const text = `
static int ring_fn(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC);	// want needless-atomic
	return 0;
}

static struct ${struct} ring_ops = {
	.${member} = ring_fn,
};
`;
      assert.equal(treeMismatch({ 'drivers/ring/main.c': text }), '', `${struct}.${member}`);
    }
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
