//# kernel 6.12
//# config CONFIG_PREEMPT_RT=y
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *under_raw_lock(struct chip *chip)
{
	void *p;

	raw_spin_lock(&chip->lock);
	p = kmalloc(8, GFP_ATOMIC);		// want rt-raw-context "raw spinlock &chip->lock is held"
	raw_spin_unlock(&chip->lock);
	return p;
}

static void *irqs_off(struct chip *chip)
{
	unsigned long flags;
	void *p;

	local_irq_save(flags);
	p = kmalloc(8, GFP_ATOMIC);		// want rt-raw-context "interrupts are off"
	local_irq_restore(flags);
	return p;
}
