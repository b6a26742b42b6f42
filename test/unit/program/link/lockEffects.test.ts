import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gapsOf, linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

const lockFile = (lock: string, unlock: string) => `
void ring_lock(struct ring *r)
{
	${lock}
}

void ring_unlock(struct ring *r)
{
	${unlock}
}
`;
const SPIN = lockFile('spin_lock(&r->slock);', 'spin_unlock(&r->slock);');
const MUTEX = lockFile('mutex_lock(&r->mutex);', 'mutex_unlock(&r->mutex);');

const within = (statement: string) => `
void ring_fill(struct ring *r)
{
	msleep(1);
	ring_lock(r);
	${statement}
	ring_unlock(r);
}
`;

const callee = (mask: string, want = '') => `
int ring_grow(struct ring *r)
{
	r->item = kmalloc(8, ${mask});${want && ` // ${want}`}
	return 0;
}
`;

describe('lock functions of other files', () => {
  test('one that returns with a spinlock forbids sleeping, here and in what is called', () => {
    const allocation = within('r->item = kmalloc(8, GFP_KERNEL); // want sleep-in-atomic');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': allocation, 'drivers/ring/lock.c': SPIN }), '');
    assert.deepEqual(
      verdictLines(
        linkTree({
          'drivers/ring/main.c': within('ring_grow(r);'),
          'drivers/ring/lock.c': SPIN,
          'drivers/ring/mem.c': callee('GFP_KERNEL'),
        }),
      ),
      [
        'drivers/ring/mem.c:4 atomic definite: ring_lock() has returned with a spinlock held in ring_fill()',
        '  drivers/ring/main.c:5 ring_lock() returns with a spinlock held',
        '  drivers/ring/main.c:6 ring_fill() calls ring_grow() here',
      ],
    );
  });

  test('one that takes a mutex lets callees sleep', () => {
    const files = (locks: string, want: string) => ({
      'drivers/ring/main.c': within('ring_grow(r);'),
      'drivers/ring/lock.c': locks,
      'drivers/ring/mem.c': callee('GFP_ATOMIC', want),
    });
    assert.equal(treeMismatch(files(MUTEX, 'want needless-atomic')), '');
    assert.equal(treeMismatch(files(SPIN, '')), '');
  });

  test('a wrapper of a wrapper is looked into', () => {
    const outer = 'void ring_lock(struct ring *r)\n{\n\tdeep_lock(r);\n}\n';
    const files = {
      'drivers/ring/main.c': within('r->item = kmalloc(8, GFP_KERNEL);'),
      'drivers/ring/lock.c': outer,
      'drivers/ring/deep.c': SPIN.replaceAll('ring_', 'deep_'),
    };
    assert.match(verdictLines(linkTree(files))[0] ?? '', /atomic definite: ring_lock\(\) has returned with a spinlock held/);
  });

  test('a lock macro of a header does what it names', () => {
    const header = (lock: string) =>
      `#define ring_lock(r) \\\n\t${lock}(&(r)->slock)\n#define ring_unlock(r) ${lock.replace('_lock', '_unlock')}(&(r)->slock)\n`;
    const files = (lock: string, mask: string, want: string) => ({
      'drivers/ring/main.c': within('ring_grow(r);'),
      'drivers/ring/ring.h': header(lock),
      'drivers/ring/mem.c': callee(mask, want),
    });
    assert.equal(treeMismatch(files('spin_lock', 'GFP_KERNEL', 'want sleep-in-atomic')), '');
    assert.equal(treeMismatch(files('spin_lock', 'GFP_ATOMIC', '')), '');
    assert.equal(treeMismatch(files('mutex_lock', 'GFP_KERNEL', '')), '');
    assert.equal(treeMismatch(files('mutex_lock', 'GFP_ATOMIC', 'want needless-atomic')), '');
  });

  test('a release by another word than unlock counts', () => {
    const locks = SPIN.replace('ring_unlock', 'ring_release_lock');
    const main = within('r->item = NULL;').replace('ring_unlock(r);', 'ring_release_lock(r);\n\tr->item = kmalloc(8, GFP_KERNEL);');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': main, 'drivers/ring/lock.c': locks }), '');
  });

  test('the lock may be given back by spin_unlock() itself', () => {
    const main = within('spin_unlock(r->held);\n\tr->item = kmalloc(8, GFP_KERNEL);');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': main, 'drivers/ring/lock.c': SPIN }), '');
  });

  test('nothing is told of a lock that is taken on some paths, or of one that is nowhere defined', () => {
    const sometimes = lockFile('if (r->shared)\n\t\tspin_lock(&r->slock);', 'if (r->shared)\n\t\tspin_unlock(&r->slock);');
    const main = within('r->item = kmalloc(8, GFP_KERNEL);');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': main, 'drivers/ring/lock.c': sometimes }), '');
    assert.equal(treeMismatch({ 'drivers/ring/main.c': main }), '');
  });

  test('before the lock and behind the unlock sleeping is allowed', () => {
    const main = within('r->item = NULL;')
      .replace('msleep(1);', 'ring_grow(r);')
      .replace(/\tring_unlock\(r\);\n/, '$&\tring_grow(r);\n');
    assert.equal(
      treeMismatch({ 'drivers/ring/main.c': main, 'drivers/ring/lock.c': SPIN, 'drivers/ring/mem.c': callee('GFP_KERNEL') }),
      '',
    );
  });
});

describe('calls that cannot be followed', () => {
  test('are told by reason', () => {
    const ops = (name: string, structure: string) => `
static int ${name}(struct ring *r)
{
	r->item = kmalloc(8, GFP_KERNEL);
	return 0;
}

static const struct ${structure} ${name}_ops = {
	.ring_start = ${name},
};
`;
    const heard = gapsOf({
      'net/ring/core.c': 'int ring_run(struct ring *r)\n{\n\treturn r->ops->ring_start(r);\n}\n',
      'drivers/ring/a.c': ops('a_start', 'ring_ops'),
      'drivers/tube/b.c': ops('b_start', 'tube_ops'),
      'drivers/tube/main.c': within('r->item = kmalloc(8, GFP_KERNEL);'),
    });
    assert.deepEqual([...heard].sort(), [
      'call behind a lock function of unknown effect',
      'call through a pointer that may lead to many functions',
    ]);
  });
});
