//# config CONFIG_PREEMPT_RT=y
/* What takes memory, and what only takes a mask. */
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *wrapped(struct chip *chip, gfp_t gfp)
{
	return kmalloc(8, gfp);
}

static void calls(struct chip *chip)
{
	raw_spin_lock(&chip->lock);
	chip->skb = alloc_skb(64, GFP_ATOMIC);	// want rt-raw-context "alloc_skb() takes sleeping locks on PREEMPT_RT"
	chip->p = wrapped(chip, GFP_ATOMIC);	// want rt-raw-context "wrapped() takes sleeping locks on PREEMPT_RT"
	chip_flush(chip);
	raw_spin_unlock(&chip->lock);
}

static void read_locked(struct chip *chip)
{
	unsigned long flags;

	write_lock_irqsave(&chip->lock, flags);
	chip->p = kmalloc(8, GFP_ATOMIC);
	write_unlock_irqrestore(&chip->lock, flags);
}

static void preemption_off(struct chip *chip)
{
	preempt_disable();
	chip->p = kmalloc(8, GFP_ATOMIC);	// want rt-raw-context "preemption is off"
	preempt_enable();
}

static void softirqs_off(struct chip *chip)
{
	local_bh_disable();
	chip->p = kmalloc(8, GFP_ATOMIC);
	local_bh_enable();
}
