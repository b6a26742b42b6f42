//# kernel 6.1
// The fact reaches the allocation through helpers, macros, loops, gotos and variables.
#include <linux/slab.h>
#include <linux/spinlock.h>

#define RING_GFP	(GFP_KERNEL | __GFP_NOWARN)

static void ring_lock(struct ring *r)
{
	spin_lock(&r->lock);
	r->users++;
}

static void *helper_locks(struct ring *r)
{
	void *p;

	ring_lock(r);
	p = kmalloc(8, GFP_ATOMIC);		// want sleep-in-atomic "&r->lock"
	spin_unlock(&r->lock);
	return p;
}

static void *by_macro(struct ring *r)
{
	void *p;

	spin_lock(&r->lock);
	p = kmalloc(8, RING_GFP);		// want sleep-in-atomic "GFP_KERNEL|__GFP_NOWARN"
	spin_unlock(&r->lock);
	return p;
}

static void *by_variable(struct ring *r)
{
	gfp_t gfp = GFP_ATOMIC;
	void *p;

	gfp |= __GFP_DIRECT_RECLAIM;
	spin_lock(&r->lock);
	p = kmalloc(8, gfp);			// want sleep-in-atomic "may sleep"
	spin_unlock(&r->lock);
	return p;
}

static int error_path(struct ring *r)
{
	struct item *item;

	spin_lock(&r->lock);
	list_for_each_entry(item, &r->items, node) {
		if (!item->buf)
			goto fill;
	}
	spin_unlock(&r->lock);
	return 0;
fill:
	item->buf = kmalloc(8, GFP_ATOMIC);	// want sleep-in-atomic "&r->lock"
	spin_unlock(&r->lock);
	return 0;
}

static struct cmd *alloc_cmd(struct ring *r, gfp_t gfp)
{
	return kmalloc(r->len, gfp);
}

static void *own_wrapper(struct ring *r)
{
	struct cmd *cmd;

	rcu_read_lock();
	cmd = alloc_cmd(r, GFP_ATOMIC);		// want sleep-in-atomic "alloc_cmd() with GFP_KERNEL"
	rcu_read_unlock();
	return cmd;
}

static void *asked_and_wrong(struct ring *r)
{
	if (in_interrupt())
		return kmalloc(8, GFP_ATOMIC);	// want sleep-in-atomic "in_interrupt() is true"
	return NULL;
}
