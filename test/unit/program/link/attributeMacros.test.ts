import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const NEEDLESS = ' // want needless-atomic';
const allocating = (name: string, want: string) => `
static ssize_t ${name}(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ring_fill(dev, kmalloc(8, GFP_ATOMIC));${want}
}
`;
const file = (macro: string, show: string, store = '') =>
  treeMismatch({ 'drivers/ring/main.c': `${allocating('size_show', show)}${allocating('size_store', store)}\n${macro}\n` });

describe('attributes whose functions a macro names', () => {
  test('are read and written where sleeping is allowed', () => {
    assert.equal(file('static DEVICE_ATTR_RO(size);', NEEDLESS), '');
    assert.equal(file('static DEVICE_ATTR_WO(size);', '', NEEDLESS), '');
    assert.equal(file('static DRIVER_ATTR_RW(size);', NEEDLESS, NEEDLESS), '');
    assert.equal(file('static struct kobj_attribute size_attribute = __ATTR_RW(size);', NEEDLESS, NEEDLESS), '');
    assert.equal(file('DEFINE_SHOW_ATTRIBUTE(size);', NEEDLESS), '');
  });

  test('other macros name nothing, and other attributes not these', () => {
    assert.equal(file('static RING_ATTR_RW(size);', ''), '');
    assert.equal(file('static DEVICE_ATTR_RW(length);', ''), '');
  });

  test('that are also called under a lock say nothing', () => {
    const locked =
      'void ring_dump(struct ring *r)\n{\n\tspin_lock(&r->lock);\n\tsize_show(r->dev, NULL, r->buf);\n\tspin_unlock(&r->lock);\n}\n';
    assert.equal(file(`static DEVICE_ATTR_RO(size);\n${locked}`, ''), '');
  });
});

describe('a struct with the name of a function', () => {
  test('does not hand the function out', () => {
    const text = (use: string) => `
static int ring_create(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC);${NEEDLESS}
	return ${use};
}

static int ring_probe(struct platform_device *pdev)
{
	return ring_create(platform_get_drvdata(pdev));
}

static struct platform_driver ring_driver = { .probe = ring_probe };
`;
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text('ring_copy(r, sizeof(struct ring_create))') }), '');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text('(int)((enum ring_create)r->kind)') }), '');
  });
});

describe('a table of functions in a function', () => {
  const text = (table: string, mask: string, want: string) => `
static int ring_start(struct ring *r)
{
	r->item = kmalloc(8, ${mask});${want}
	return 0;
}

static int ring_stop(struct ring *r)
{
	return 0;
}

int ring_run(struct ring *r, int nr)
{
	${table}
	int err;

	spin_lock(&r->lock);
	err = handlers[nr](r);
	spin_unlock(&r->lock);
	return err;
}
`;
  const PERHAPS = ' // want? sleep-in-atomic';

  test('is called by its name', () => {
    const two = 'static int (*const handlers[])(struct ring *r) = { ring_stop, ring_start };';
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text(two, 'GFP_KERNEL', PERHAPS) }), '');
    const typed = 'static ring_fn_t *handlers[] = { NULL, ring_start };';
    assert.equal(treeMismatch({ 'drivers/ring/main.c': text(typed, 'GFP_KERNEL', PERHAPS) }), '');
  });
});
