//# kernel 6.1
// Every way to take a lock that forbids sleeping, with an allocation inside.
#include <linux/slab.h>
#include <linux/spinlock.h>

struct ring {
	spinlock_t lock;
	raw_spinlock_t raw;
	rwlock_t table_lock;
	seqlock_t seq;
	unsigned long bits;
	void *buf;
	unsigned int len;
};

static int plain(struct ring *r)
{
	spin_lock(&r->lock);
	r->buf = kmalloc(r->len, GFP_KERNEL);	// want sleep-in-atomic "spinlock &r->lock is held"
	//                       ^^^^^^^^^^ sleep-in-atomic
	spin_unlock(&r->lock);
	return r->buf ? 0 : -ENOMEM;
}

static void *irqsave(struct ring *r)
{
	unsigned long flags;
	void *p;

	spin_lock_irqsave(&r->lock, flags);
	p = kzalloc(r->len, GFP_NOIO);		// want sleep-in-atomic "GFP_NOIO may sleep"
	spin_unlock_irqrestore(&r->lock, flags);
	return p;
}

static void *softirqs_off(struct ring *r)
{
	void *p;

	spin_lock_bh(&r->lock);
	p = kcalloc(r->len, 8, GFP_KERNEL | __GFP_NOWARN);	// want sleep-in-atomic "may sleep"
	spin_unlock_bh(&r->lock);
	return p;
}

static void *readers(struct ring *r)
{
	void *p;

	read_lock(&r->table_lock);
	p = kmemdup(r->buf, r->len, GFP_KERNEL);	// want sleep-in-atomic "rwlock &r->table_lock"
	read_unlock(&r->table_lock);
	return p;
}

static void *raw(struct ring *r)
{
	void *p;

	raw_spin_lock(&r->raw);
	p = kmalloc(16, GFP_NOFS);			// want sleep-in-atomic "raw spinlock"
	raw_spin_unlock(&r->raw);
	return p;
}

static void *interrupts(struct ring *r)
{
	void *p;

	local_irq_disable();
	p = kmalloc(r->len, GFP_KERNEL);		// want sleep-in-atomic "interrupts are off"
	local_irq_enable();
	return p;
}

static void *readside(struct ring *r)
{
	void *p;

	rcu_read_lock();
	p = kzalloc(r->len, GFP_KERNEL_ACCOUNT);	// want sleep-in-atomic "RCU read lock"
	rcu_read_unlock();
	return p;
}

static void *no_preempt(struct ring *r)
{
	int cpu = get_cpu();
	void *p = kmalloc_node(r->len, GFP_KERNEL, cpu);	// want sleep-in-atomic "preemption is off"

	put_cpu();
	return p;
}

static void *always_sleeps(struct ring *r)
{
	void *p;

	spin_lock(&r->lock);
	p = vmalloc(r->len);				// want sleep-in-atomic "vmalloc() may sleep"
	spin_unlock(&r->lock);
	return p;
}

static void *try_lock(struct ring *r)
{
	void *p = NULL;

	if (spin_trylock(&r->lock)) {
		p = kmalloc(r->len, GFP_KERNEL);	// want sleep-in-atomic "&r->lock"
		spin_unlock(&r->lock);
	}
	return p;
}

static void *try_lock_early_return(struct ring *r)
{
	void *p;

	if (!spin_trylock(&r->lock))
		return kmalloc(r->len, GFP_KERNEL);
	p = kmalloc(r->len, GFP_KERNEL);		// want sleep-in-atomic "&r->lock"
	spin_unlock(&r->lock);
	return p;
}

static void *guarded(struct ring *r)
{
	guard(spinlock)(&r->lock);
	return kmalloc(r->len, GFP_KERNEL);		// want sleep-in-atomic "&r->lock"
}

static void *guarded_block(struct ring *r)
{
	scoped_guard(spinlock_irqsave, &r->lock) {
		r->buf = kmalloc(r->len, GFP_KERNEL);	// want sleep-in-atomic "&r->lock"
	}
	return kmalloc(r->len, GFP_KERNEL);
}

static struct sk_buff *cloned(struct sk_buff *skb, struct ring *r)
{
	struct sk_buff *copy;

	spin_lock(&r->lock);
	copy = skb_clone(skb, GFP_KERNEL);		// want sleep-in-atomic "skb_clone() with GFP_KERNEL"
	spin_unlock(&r->lock);
	return copy;
}
