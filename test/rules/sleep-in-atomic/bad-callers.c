//# kernel 6.1
// The lock is held, or the context fixed, somewhere up the chain of calls.
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/usb.h>

static void *new_item(struct ring *r)
{
	return kmalloc(8, GFP_KERNEL);		// want sleep-in-atomic "spinlock &r->lock is held in refill()"
}

static int grow(struct ring *r)
{
	r->item = new_item(r);
	return r->item ? 0 : -ENOMEM;
}

static void refill(struct ring *r)
{
	spin_lock(&r->lock);
	grow(r);
	spin_unlock(&r->lock);
}

static void timer_fn(struct timer_list *t)
{
	struct ring *r = from_timer(r, t, timer);

	r->buf = kzalloc(64, GFP_KERNEL);	// want sleep-in-atomic "timer_fn() runs in softirq context (timer_setup())"
}

static void set_up(struct ring *r)
{
	timer_setup(&r->timer, timer_fn, 0);
}

static int map_packet(struct ring *r)
{
	r->map = kcalloc(4, 16, GFP_KERNEL);	// want sleep-in-atomic "net_device_ops, member ndo_start_xmit"
	return 0;
}

static netdev_tx_t ring_xmit(struct sk_buff *skb, struct net_device *dev)
{
	map_packet(netdev_priv(dev));
	return NETDEV_TX_OK;
}

static const struct net_device_ops ring_netdev_ops = {
	.ndo_start_xmit = ring_xmit,
};

/* the callback of an iterator that calls it under a lock */
static int show_diff(struct ring *r, u32 offset, void *data)
{
	struct node *node = kmalloc(16, GFP_KERNEL);	// want sleep-in-atomic "spinlock &r->lock is held in each_register()"

	return node ? 0 : -ENOMEM;
}

static void each_register(struct ring *r, int (*visit)(struct ring *r, u32 offset, void *data), void *data)
{
	spin_lock_bh(&r->lock);
	visit(r, 0, data);
	spin_unlock_bh(&r->lock);
}

static void show_all(struct ring *r)
{
	each_register(r, show_diff, NULL);
}

/* a wrapper of the registering function */
static irqreturn_t handle(int irq, void *data)
{
	data = kmalloc(8, GFP_KERNEL);		// want sleep-in-atomic "handle() runs in hard interrupt context"
	return IRQ_HANDLED;
}

static int ring_request_irq(struct ring *r, irq_handler_t handler)
{
	return request_irq(r->irq, handler, 0, "ring", r);
}

static int start(struct ring *r)
{
	return ring_request_irq(r, handle);
}

/* the constant argument says which branch is taken */
static void *pick(struct ring *r, bool can_wait)
{
	if (can_wait)
		return kmalloc(32, GFP_KERNEL);	// want sleep-in-atomic "in hurry()"
	return kmalloc(32, GFP_ATOMIC);
}

static void hurry(struct ring *r)
{
	spin_lock(&r->lock);
	r->a = pick(r, true);
	spin_unlock(&r->lock);
}

/* taken by a helper whose name says so */
static void ring_lock(struct ring *r)
{
	spin_lock_irq(&r->lock);
}

static void leaf(struct ring *r)
{
	flush_to(r, GFP_KERNEL);	// want sleep-in-atomic "in by_helper()"
}

static void by_helper(struct ring *r)
{
	ring_lock(r);
	leaf(r);
	spin_unlock_irq(&r->lock);
}

/* the task is no longer in TASK_RUNNING */
static int wait_for_item(struct ring *r)
{
	DEFINE_WAIT(wait);
	int ret;

	prepare_to_wait(&r->waitq, &wait, TASK_INTERRUPTIBLE);
	ret = usb_submit_urb(r->urb, GFP_KERNEL);	// want sleep-in-atomic "the task is set up to wait since prepare_to_wait()"
	if (!ret)
		schedule_timeout(HZ);
	finish_wait(&r->waitq, &wait);
	return usb_submit_urb(r->urb, GFP_KERNEL);
}
