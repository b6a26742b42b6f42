//# config CONFIG_PREEMPT_RT=y
// want nothing
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *under_lock(struct chip *chip)
{
	unsigned long flags;
	void *p;

	spin_lock_irqsave(&chip->lock, flags);
	p = kmalloc(8, GFP_ATOMIC);
	spin_unlock_irqrestore(&chip->lock, flags);
	return p;
}
