import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const SURE = 'want sleep-in-atomic';
const PERHAPS = 'want? sleep-in-atomic';

/** A function that calls another one under a lock, in a file of its own. */
const under = (statements: string) => `
void ring_stop(struct ring *r, struct sock *sk)
{
	spin_lock(&r->lock);
	${statements}
	spin_unlock(&r->lock);
}
`;

const reset = (statements: string, want: string) => `
static void *ring_item(void)
{
	return kmalloc(8, GFP_KERNEL); // ${want}
}

void ring_reset(struct sock *sk, int flag)
{
	${statements}
}
`;

function mismatch(caller: string, callee: string, want: string): string {
  return treeMismatch({ 'drivers/ring/main.c': under(caller), 'drivers/ring/reset.c': reset(callee, want) });
}

describe('a member that a caller has compared', () => {
  const DOWN = 'if (sk->state == RING_DOWN)\n\t\tsk->item = ring_item();';

  test('with the value that the callee asks for, the path is open', () => {
    assert.equal(mismatch('if (sk->state == RING_DOWN)\n\t\tring_reset(sk, 0);', DOWN, SURE), '');
    assert.equal(mismatch('ring_reset(sk, 0);', DOWN, SURE), '');
    assert.equal(mismatch('if (sk->state != RING_UP)\n\t\tring_reset(sk, 0);', DOWN, SURE), '');
  });

  test('with another value: names may be of two things, so it is possible', () => {
    assert.equal(mismatch('if (sk->state == RING_UP && sk->linger)\n\t\tring_reset(sk, 0);', DOWN, PERHAPS), '');
    assert.equal(mismatch('if (sk->state != RING_DOWN)\n\t\tring_reset(sk, 0);', DOWN, PERHAPS), '');
    assert.equal(mismatch('if (sk->state != RING_UP)\n\t\tring_calm(sk);\n\telse\n\t\tring_reset(sk, 0);', DOWN, PERHAPS), '');
  });

  test('with what the callee has ruled out', () => {
    const others = 'if (sk->state != RING_DOWN)\n\t\tring_calm(sk);\n\telse\n\t\tsk->item = ring_item();';
    assert.equal(mismatch('if (sk->state == RING_UP)\n\t\tring_reset(sk, 0);', others, PERHAPS), '');
    assert.equal(mismatch('if (sk->state == RING_DOWN)\n\t\tring_reset(sk, 0);', others, SURE), '');
    const leaves = 'if (!sk || sk->state == RING_UP)\n\t\treturn;\n\tsk->item = ring_item();';
    assert.equal(mismatch('if (sk->state == RING_UP)\n\t\tring_reset(sk, 0);', leaves, PERHAPS), '');
    assert.equal(mismatch('if (sk->state == RING_DOWN)\n\t\tring_reset(sk, 0);', leaves, SURE), '');
  });

  test('says nothing any more where it is assigned, behind a label, and outside of its block', () => {
    const up = 'if (sk->state == RING_UP) {\n\t\tsk->state = RING_DOWN;\n\t\tring_reset(sk, 0);\n\t}';
    assert.equal(mismatch(up, DOWN, SURE), '');
    assert.equal(mismatch('if (sk->state == RING_UP)\n\t\tring_calm(sk);\n\tring_reset(sk, 0);', DOWN, SURE), '');
    const label = 'if (sk->state == RING_DOWN)\n\t\tgoto out;\n\tring_calm(sk);\nout:\n\tring_reset(sk, 0);';
    assert.equal(mismatch(label, DOWN, SURE), '');
    const inner = 'if (r->on) {\n\t\tif (sk->state == RING_DOWN)\n\t\t\tgoto out;\n\t\tring_calm(sk);\n\t}\n\tring_reset(sk, 0);\nout:';
    assert.equal(mismatch(inner, DOWN, SURE), '');
    const behind = 'if (sk->state == RING_DOWN)\n\t\tgoto out;\n\tring_reset(sk, 0);\nout:';
    assert.equal(mismatch(behind, DOWN, PERHAPS), '');
  });

  test('one case of a switch says nothing of the next', () => {
    const cases = (first: string) =>
      `switch (r->mode) {\n\tcase 1:\n\t\tif (sk->state == RING_DOWN)\n\t\t\tbreak;\n\t\t${first}\n\t\tbreak;\n\tcase 2:\n\t\tring_reset(sk, 0);\n\t}`;
    assert.equal(mismatch(cases('ring_calm(sk);'), DOWN, SURE), '');
  });
});

describe('flags that a caller passes', () => {
  const SYNC = 'if (flag & ringSYNC)\n\t\tring_item();';

  test('with the one that the callee looks at', () => {
    assert.equal(mismatch('ring_reset(sk, ringSYNC | ringLAST);', SYNC, SURE), '');
    assert.equal(mismatch('ring_reset(sk, sk->flags | ringLAST);', SYNC, SURE), '');
    assert.equal(mismatch('ring_reset(sk, sk->flags);', SYNC, SURE), '');
  });

  test('without it: one of them may be made of several', () => {
    assert.equal(mismatch('ring_reset(sk, ringWRITE | ringLAST);', SYNC, PERHAPS), '');
    assert.equal(mismatch('ring_reset(sk, RING_WRITE);', SYNC, PERHAPS), '');
  });

  test('in the else', () => {
    const later = 'if (flag & RING_LATER)\n\t\tring_calm(sk);\n\telse\n\t\tring_item();';
    assert.equal(mismatch('ring_reset(sk, RING_LATER | RING_LAST);', later, PERHAPS), '');
    assert.equal(mismatch('ring_reset(sk, RING_WRITE | RING_LAST);', later, SURE), '');
  });

  test('that are changed before say nothing', () => {
    assert.equal(mismatch('ring_reset(sk, RING_WRITE | RING_LAST);', `flag |= ringSYNC;\n\t${SYNC}`, SURE), '');
  });
});

describe('code for one kind of object', () => {
  const find = (test: string, want: string) => `
int ring_find(struct ring *r)
{
	if (${test})
		goto out;
	r->item = kmalloc(8, GFP_KERNEL); // ${want}
out:
	return 0;
}
`;
  const driver = (bus: string) => `
static int ${bus}_queue(struct Scsi_Host *host, struct scsi_cmnd *cmd)
{
	return ring_find(host->ring);
}

static const struct scsi_host_template ${bus}_template = {
	.queuecommand = ${bus}_queue,
};
`;
  const other = '\nint sas_slave(struct ring *r)\n{\n\treturn ring_find(r);\n}\n';

  test('is possible where the function serves several drivers', () => {
    const files = (want: string) => ({ 'drivers/ring/find.c': find('r->bus_type != SAS_BUS', want), 'drivers/ring/spi.c': driver('spi') });
    assert.equal(treeMismatch({ ...files(PERHAPS), 'drivers/ring/sas.c': other }), '');
    assert.equal(treeMismatch(files(SURE)), '');
  });

  test('any other member may have any value', () => {
    const files = { 'drivers/ring/find.c': find('r->state != RING_UP', SURE), 'drivers/ring/spi.c': driver('spi') };
    assert.equal(treeMismatch({ ...files, 'drivers/ring/sas.c': other }), '');
  });
});

describe('what is made where it is missing', () => {
  const store = (statements: string, want: string) => `
static char ring_text[64];

int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL); // ${want}
	return 0;
}

int ring_set(struct ring *r, int at)
{
	${statements}
	return 0;
}

int ring_open(struct ring *r)
{
	return ring_set(r, 0);
}
`;
  const found = (statements: string, want: string) =>
    treeMismatch({ 'drivers/ring/main.c': under('ring_set(r, 1);'), 'drivers/ring/set.c': store(statements, want) });

  test('a call that is tried, and tried again', () => {
    const again = 'if (unlikely(!ring_put(r, at))) {\n\t\tring_grow(r);\n\t\treturn ring_put(r, at);\n\t}';
    assert.equal(found(again, PERHAPS), '');
    const once = 'if (!ring_put(r, at)) {\n\t\tring_grow(r);\n\t\treturn ring_find(r, at);\n\t}';
    assert.equal(found(once, SURE), '');
  });

  test('an array of the file that serves where nothing can be allocated', () => {
    assert.equal(found('if (!r->owner || r->text == ring_text)\n\t\treturn 0;\n\tring_grow(r);', PERHAPS), '');
    assert.equal(found('if (r->text == at)\n\t\treturn 0;\n\tring_grow(r);', SURE), '');
    assert.equal(found('if (r->text == ring_text)\n\t\tring_calm(r);\n\tring_grow(r);', SURE), '');
  });
});

test('objects of user space are served in their own system call', () => {
  const send = `
static int ring_post(struct ib_qp *qp, const struct ib_send_wr *wr, const struct ib_send_wr **bad)
{
	if (rdma_is_kernel_res(&qp->res))
		return 0;
	qp->item = kmalloc(8, GFP_KERNEL); // ${PERHAPS}
	return 0;
}

static const struct ib_device_ops ring_ops = {
	.post_send = ring_post,
};
`;
  assert.equal(treeMismatch({ 'drivers/infiniband/ring/verbs.c': send }), '');
});

describe('a reference that is given back', () => {
  const item = (want: string) => `
static void item_free(struct kref *ref)
{
	kmalloc(8, GFP_KERNEL); // ${want}
}

bool item_get(struct item *i)
{
	return kref_get_unless_zero(&i->ref);
}

void item_put(struct item *i)
{
	kref_put(&i->ref, item_free);
}

void put_item(struct item *i)
{
	item_put(i);
}
`;
  const kref = 'static inline int kref_put(struct kref *ref, void (*release)(struct kref *ref))\n{\n\trelease(ref);\n\treturn 1;\n}\n';
  const found = (statements: string, want: string) =>
    treeMismatch({ 'include/linux/kref.h': kref, 'drivers/ring/main.c': under(statements), 'drivers/ring/item.c': item(want) });

  test('may be the last one, but hardly where the function has taken it itself', () => {
    assert.equal(found('item_put(r->item);', SURE), '');
    assert.equal(found('if (!item_get(sk))\n\t\treturn;\n\tring_calm(sk);\n\titem_put(sk);', PERHAPS), '');
    assert.equal(found('get_item(sk);\n\tput_item(sk);', PERHAPS), '');
    assert.equal(found('item_get(r);\n\titem_put(sk);', SURE), '');
  });
});
