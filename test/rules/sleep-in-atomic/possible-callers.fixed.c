//# kernel 6.1
// Something on the way is not known.
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *pick(struct ring *r, bool can_wait)
{
	if (can_wait)
		return kmalloc(32, GFP_ATOMIC);	// want? sleep-in-atomic "in hurry()"
	return kmalloc(32, GFP_ATOMIC);
}

/* told by the caller, and not listening */
static void *deaf(struct ring *r, gfp_t gfp)
{
	r->map = kmalloc(8, gfp);	// want? sleep-in-atomic "whatever deaf() is given in gfp"
	return kmalloc(8, gfp);
}

static void hurry(struct ring *r, bool can_wait)
{
	spin_lock(&r->lock);
	r->a = pick(r, can_wait);
	spin_unlock(&r->lock);
}
