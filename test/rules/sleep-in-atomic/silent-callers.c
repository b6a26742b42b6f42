//# kernel 6.1
// Chains of calls that look dangerous and are not.
// want nothing
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

/* the callee drops the lock it was called under */
static void *drops(struct ring *r)
{
	void *p;

	spin_unlock(&r->lock);
	p = kmalloc(8, GFP_KERNEL);
	spin_lock(&r->lock);
	return p;
}

static void under_lock(struct ring *r)
{
	spin_lock(&r->lock);
	r->p = drops(r);
	spin_unlock(&r->lock);
}

/* the same with interrupts */
static void *enables(struct ring *r)
{
	void *p;

	spin_unlock_irq(&r->lock);
	p = kmalloc(8, GFP_KERNEL);
	spin_lock_irq(&r->lock);
	return p;
}

static void irqs_off(struct ring *r)
{
	spin_lock_irq(&r->lock);
	r->p = enables(r);
	spin_unlock_irq(&r->lock);
}

/* the constant argument takes the other branch */
static void *pick(struct ring *r, bool can_wait)
{
	return can_wait ? kmalloc(32, GFP_KERNEL) : kmalloc(32, GFP_ATOMIC);
}

static void *choose(struct ring *r, bool can_wait)
{
	if (can_wait)
		return kmalloc(32, GFP_KERNEL);
	return kmalloc(32, GFP_ATOMIC);
}

static void hurry(struct ring *r)
{
	spin_lock(&r->lock);
	r->a = choose(r, false);
	spin_unlock(&r->lock);
}

/* a NULL argument */
static void queue(struct ring *r, struct list_head *head)
{
	if (head)
		list_move_tail(&r->list, head);
	else
		r->p = kmalloc(8, GFP_KERNEL);
}

static void queue_all(struct ring *r)
{
	LIST_HEAD(head);

	rcu_read_lock();
	queue(r, &head);
	rcu_read_unlock();
}

/* work runs in process context, and so does the thread of an interrupt */
static void work_fn(struct work_struct *work)
{
	struct ring *r = container_of(work, struct ring, work);

	r->p = kmalloc(8, GFP_KERNEL);
}

static irqreturn_t thread_fn(int irq, void *data)
{
	data = kmalloc(8, GFP_KERNEL);
	return IRQ_HANDLED;
}

static int start(struct ring *r)
{
	INIT_WORK(&r->work, work_fn);
	return request_threaded_irq(r->irq, NULL, thread_fn, IRQF_ONESHOT, "ring", r);
}

/* called before the lock and after it */
static void around(struct ring *r)
{
	r->p = kmalloc(8, GFP_KERNEL);
}

static void before_and_after(struct ring *r)
{
	around(r);
	spin_lock(&r->lock);
	r->users++;
	spin_unlock(&r->lock);
	around(r);
}

/* behind a test of the context */
static void careful(struct ring *r)
{
	if (in_interrupt())
		return;
	r->p = pick(r, true);
}
