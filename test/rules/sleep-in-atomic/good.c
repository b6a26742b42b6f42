//# kernel 6.1
// want nothing
// The cures: allocate first, or do not sleep.
#include <linux/slab.h>
#include <linux/spinlock.h>

static int add_first(struct ring *r)
{
	struct item *item = kzalloc(64, GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	spin_lock(&r->lock);
	r->item = item;
	spin_unlock(&r->lock);
	return 0;
}

static int add_atomic(struct ring *r)
{
	spin_lock(&r->lock);
	r->item = kzalloc(64, GFP_ATOMIC);
	spin_unlock(&r->lock);
	return r->item ? 0 : -ENOMEM;
}
