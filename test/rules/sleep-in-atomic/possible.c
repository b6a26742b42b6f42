//# kernel 6.1
// Paths that disagree give possible findings only.
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *some_path(struct ring *r, bool locked)
{
	void *p;

	if (!locked)
		spin_lock(&r->lock);
	p = kmalloc(r->len, GFP_KERNEL);	// want? sleep-in-atomic "on some path"
	if (!locked)
		spin_unlock(&r->lock);
	return p;
}
