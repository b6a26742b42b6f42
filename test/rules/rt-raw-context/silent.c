// want nothing
#include <linux/slab.h>
#include <linux/spinlock.h>

/* without a configuration that says PREEMPT_RT */
static void *under_raw_lock(struct chip *chip)
{
	void *p;

	raw_spin_lock(&chip->lock);
	p = kmalloc(8, GFP_ATOMIC);
	raw_spin_unlock(&chip->lock);
	return p;
}
