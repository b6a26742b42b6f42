import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { treeMismatch } from '../../../support/linkedTree';

const driver = (name: string, want = '') => `
static int ${name}_start(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);${want && ` // ${want}`}
	return 0;
}

static const struct ring_ops ${name}_ops = {
	.ring_start = ${name}_start,
};
`;

const core = (declared: string, before = '') => `
int ring_run(struct ring *r)
{
	${declared}

	${before}
	spin_lock(&r->lock);
	start(r);
	spin_unlock(&r->lock);
	return 0;
}
`;

const mismatch = (text: string, want: string) => treeMismatch({ 'drivers/ring/core.c': text, 'drivers/ring/pci.c': driver('pci', want) });
const ATOMIC = 'want sleep-in-atomic';

describe('function pointers in local variables', () => {
  test('a copy of a member is called as the member is', () => {
    assert.equal(mismatch(core('int (*start)(struct ring *r) = r->ops->ring_start;'), ATOMIC), '');
    assert.equal(mismatch(core('ring_fn *start;', 'start = r->ops->ring_start;'), ATOMIC), '');
    assert.equal(mismatch(core('ring_fn *start = NULL;', 'start = r->table[r->nr].ring_start;'), ATOMIC), '');
  });

  test('another member of the name of the variable is not meant', () => {
    assert.equal(mismatch(core('ring_fn *start = r->ops->ring_stop;'), ''), '');
    assert.equal(mismatch(core('ring_fn *start = find_start(r);'), ''), '');
  });

  const own = (before: string, want: string, other = '') => `
static int slow_start(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);${want && ` // ${want}`}
	return 0;
}

static int fast_start(struct ring *r)
{
	return 0;
}
${other}
${core('ring_fn *start;', before)}`;

  test('a function is called by its name; of two each may be', () => {
    assert.equal(treeMismatch({ 'drivers/ring/core.c': own('start = slow_start;', ATOMIC) }), '');
    assert.equal(treeMismatch({ 'drivers/ring/core.c': own('start = fast_start;', '') }), '');
    const either = own('if (r->fast)\n\t\tstart = fast_start;\n\telse\n\t\tstart = slow_start;', 'want? sleep-in-atomic');
    assert.equal(treeMismatch({ 'drivers/ring/core.c': either }), '');
  });

  test('what comes from somewhere else as well is not known', () => {
    assert.equal(treeMismatch({ 'drivers/ring/core.c': own('start = slow_start;\n\tif (r->fn)\n\t\tstart = find_start(r);', '') }), '');
  });

  test('a variable does not lead to a function of its name elsewhere', () => {
    const elsewhere = 'int start(struct ring *r)\n{\n\tr->item = kmalloc(8, GFP_KERNEL);\n\treturn 0;\n}\n';
    assert.equal(
      treeMismatch({ 'drivers/ring/core.c': core('ring_fn *start = r->ops->ring_start;'), 'drivers/ring/start.c': elsewhere }),
      '',
    );
  });
});

describe('functions that only a local variable holds', () => {
  const loader = (statements: string, want = '') => `
static int slow_load(struct ring *r)
{
	r->item = kmalloc(8, GFP_ATOMIC);${want && ` // ${want}`}
	return 0;
}

int ring_probe(struct ring *r, load_fn *out)
{
	int (*load)(struct ring *r);

	mutex_lock(&r->mutex);
	${statements}
	mutex_unlock(&r->mutex);
	return 0;
}
`;
  const check = (statements: string, want = '') => treeMismatch({ 'drivers/ring/main.c': loader(statements, want) });
  const NEEDLESS = 'want needless-atomic';

  test('its calls are all the ways into them', () => {
    assert.equal(check('load = slow_load;\n\tload(r);', NEEDLESS), '');
    assert.equal(check('load = ring_ops(r)->load;\n\tif (!load)\n\t\tload = slow_load;\n\tload(r);', NEEDLESS), '');
  });

  test('one that is handed on is called by nobody knows whom', () => {
    assert.equal(check('load = slow_load;\n\tload(r);\n\tring_keep(load);'), '');
    assert.equal(check('load = slow_load;\n\tr->load = load;'), '');
    assert.equal(check('*out = slow_load;'), '');
    assert.equal(check('saved_load = slow_load;'), '');
  });
});
