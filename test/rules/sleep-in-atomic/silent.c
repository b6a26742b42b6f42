//# kernel 6.1
// want nothing
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *before(struct ring *r)
{
	void *p = kmalloc(r->len, GFP_KERNEL);

	spin_lock(&r->lock);
	r->buf = p;
	spin_unlock(&r->lock);
	return p;
}

static void *relocked(struct ring *r)
{
	void *p;

	spin_lock_irq(&r->lock);
	if (r->buf)
		goto out;
	spin_unlock_irq(&r->lock);
	p = kmalloc(r->len, GFP_KERNEL);
	spin_lock_irq(&r->lock);
	r->buf = p;
out:
	spin_unlock_irq(&r->lock);
	return r->buf;
}

static void *both_arms_unlock(struct ring *r)
{
	spin_lock(&r->lock);
	if (r->len > 8) {
		r->len = 0;
		spin_unlock(&r->lock);
	} else {
		spin_unlock(&r->lock);
	}
	return kmalloc(16, GFP_KERNEL);
}

static void *atomic_is_fine(struct ring *r)
{
	void *p;

	spin_lock(&r->lock);
	p = kmalloc(r->len, GFP_ATOMIC | __GFP_NOWARN);
	if (!p)
		p = kmalloc(16, GFP_NOWAIT);
	spin_unlock(&r->lock);
	return p;
}

static void *mutex_is_fine(struct ring *r)
{
	void *p;

	mutex_lock(&r->mutex);
	p = kmalloc(r->len, GFP_KERNEL);
	mutex_unlock(&r->mutex);
	return p;
}

static void *srcu_is_fine(struct ring *r)
{
	int idx = srcu_read_lock(&r->srcu);
	void *p = kmalloc(r->len, GFP_KERNEL);

	srcu_read_unlock(&r->srcu, idx);
	return p;
}

static void *mask_from_caller(struct ring *r, gfp_t gfp)
{
	void *p;

	spin_lock(&r->lock);
	p = kmalloc(r->len, gfp);
	spin_unlock(&r->lock);
	return p;
}

static void *tested(struct ring *r, gfp_t gfp)
{
	if (gfpflags_allow_blocking(gfp))
		return kmalloc(r->len, gfp);
	spin_lock(&r->lock);
	r->buf = kmalloc(r->len, gfp & ~__GFP_DIRECT_RECLAIM);
	spin_unlock(&r->lock);
	return r->buf;
}

static void *narrowed(struct ring *r)
{
	gfp_t gfp = GFP_KERNEL;
	void *p;

	spin_lock(&r->lock);
	gfp &= ~__GFP_RECLAIM;
	p = kmalloc(r->len, gfp);
	spin_unlock(&r->lock);
	return p;
}

static void *alias(struct ring *r)
{
	struct ring *same = r;

	spin_lock(&r->lock);
	spin_unlock(&same->lock);
	return kmalloc(8, GFP_KERNEL);
}

static void ring_unlock(struct ring *r)
{
	r->users--;
	spin_unlock(&r->lock);
}

static void *helper_unlocks(struct ring *r)
{
	spin_lock(&r->lock);
	ring_unlock(r);
	return kmalloc(8, GFP_KERNEL);
}

#define RING_LOCK(r)	spin_lock(&(r)->lock)
#define RING_UNLOCK(r)	do { (r)->users--; spin_unlock(&(r)->lock); } while (0)

static void *macros(struct ring *r)
{
	RING_LOCK(r);
	r->len = 0;
	RING_UNLOCK(r);
	return kmalloc(8, GFP_KERNEL);
}

static void *preloaded(struct idr *idr, struct ring *r)
{
	int id;

	idr_preload(GFP_KERNEL);
	spin_lock(&r->lock);
	id = idr_alloc(idr, r, 0, 0, GFP_NOWAIT);
	spin_unlock(&r->lock);
	idr_preload_end();
	return id < 0 ? NULL : kmalloc(8, GFP_KERNEL);
}

static int xarray(struct xarray *xa, void *entry)
{
	int err;

	xa_lock(xa);
	err = __xa_insert(xa, 1, entry, GFP_KERNEL);
	xa_unlock(xa);
	return err;
}

static void *asked(struct ring *r)
{
	if (in_interrupt())
		return kmalloc(8, GFP_ATOMIC);
	return kmalloc(8, GFP_KERNEL);
}

static int sum_of_cases(struct ring *r, int op)
{
	switch (op) {
	case 1:
		spin_lock(&r->lock);
		r->len++;
		spin_unlock(&r->lock);
		break;
	case 2 ... 4:
		r->buf = kmalloc(8, GFP_KERNEL);
		break;
	default:
		return -EINVAL;
	}
	return 0;
}

static void loop_drops(struct ring *r)
{
	spin_lock(&r->lock);
	while (r->next) {
		struct ring *n = r->next;

		spin_unlock(&r->lock);
		n->buf = kmalloc(8, GFP_KERNEL);
		spin_lock(&r->lock);
	}
	spin_unlock(&r->lock);
}

static void *scoped_ends(struct ring *r)
{
	scoped_guard(rcu)
		r->len = 0;
	{
		guard(spinlock)(&r->lock);
		r->len = 1;
	}
	return kmalloc(8, GFP_KERNEL);
}
