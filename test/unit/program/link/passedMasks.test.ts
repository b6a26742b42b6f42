import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkTree, treeMismatch, verdictLines } from '../../../support/linkedTree';

const grow = (before: string, want: string, mask = 'gfp') => `
int ring_grow(struct ring *r, gfp_t gfp)
{
	${before}
	r->item = kmalloc(8, ${mask});${want && ` // ${want}`}
	spin_unlock(&r->lock);
	return 0;
}
`;
const LOCK = 'spin_lock(&r->lock);';

const callers = (mask: string) => `
int ring_more(struct ring *r, int nr, gfp_t gfp)
{
	return ring_grow(r, gfp);
}

int ring_open(struct ring *r)
{
	return ring_more(r, 3, ${mask});
}
`;

const files = (mask: string, want: string, before = LOCK, own?: string) => ({
  'drivers/ring/grow.c': grow(before, want, own),
  'drivers/ring/main.c': callers(mask),
});
const SURE = 'want sleep-in-atomic';

describe('masks that callers pass to a function which allocates under a lock', () => {
  test('the way of the mask is shown, then the lock', () => {
    assert.deepEqual(verdictLines(linkTree(files('GFP_KERNEL', ''))), [
      'drivers/ring/grow.c:5 atomic definite: spinlock &r->lock is held, and ring_open() passes a mask that may sleep',
      '  drivers/ring/main.c:9 ring_open() passes a mask that may sleep to ring_more() here',
      '  drivers/ring/main.c:4 and it is handed on to ring_grow() here',
      '  drivers/ring/grow.c:4 &r->lock is taken here by spin_lock()',
    ]);
    assert.equal(treeMismatch(files('GFP_KERNEL', `${SURE} "kmalloc() may sleep, but spinlock &r->lock is held"`)), '');
    assert.equal(treeMismatch(files('GFP_KERNEL | __GFP_ZERO', SURE)), '');
  });

  test('a mask that does not sleep is no mistake, nor one that nobody knows', () => {
    assert.equal(treeMismatch(files('GFP_ATOMIC', '')), '');
    assert.equal(treeMismatch(files('GFP_NOWAIT | __GFP_NOMEMALLOC', '')), '');
    assert.equal(treeMismatch(files('r->gfp', '')), '');
  });

  test('a function that changes the mask, or looks at it, knows what it does', () => {
    assert.equal(treeMismatch(files('GFP_KERNEL', '', `gfp &= ~__GFP_DIRECT_RECLAIM;\n\t${LOCK}`)), '');
    assert.equal(treeMismatch(files('GFP_KERNEL', '', LOCK, 'gfp & ~__GFP_DIRECT_RECLAIM')), '');
    const drops = `${LOCK}\n\tif (gfpflags_allow_blocking(gfp))\n\t\tspin_unlock(&r->lock);`;
    assert.equal(treeMismatch(files('GFP_KERNEL', '', drops)), '');
  });

  test('no lock, no mistake', () => {
    assert.equal(treeMismatch(files('GFP_KERNEL', '', 'mutex_lock(&r->mutex);')), '');
  });

  test('a caller that holds a lock itself is told at its own mask', () => {
    const main = callers('GFP_KERNEL').replace('return ring_more', 'spin_lock(&r->other);\n\treturn ring_more');
    assert.match(
      treeMismatch({ 'drivers/ring/grow.c': grow(LOCK, ''), 'drivers/ring/main.c': main }),
      /^surplus {2}drivers\/ring\/main.c:10:\S+ sleep-in-atomic[^\n]*$/,
    );
  });

  test('a function of the tree that is only handed the mask may drop the lock first', () => {
    const own = grow(LOCK, '').replace('r->item = kmalloc(8, gfp);', 'ring_swap(r, gfp);');
    assert.equal(treeMismatch({ 'drivers/ring/grow.c': own, 'drivers/ring/main.c': callers('GFP_KERNEL') }), '');
  });
});
