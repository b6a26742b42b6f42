//# kernel 6.1
// want nothing
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/* exported: whoever calls it is not in sight */
void *exported(void)
{
	return kmalloc(8, GFP_ATOMIC);
}
EXPORT_SYMBOL_GPL(exported);

/* one of two callers holds a lock */
static void *twice(struct table *t)
{
	return kmalloc(8, GFP_ATOMIC);
}

static int table_open(struct inode *inode, struct file *file)
{
	file->private_data = twice(inode->i_private);
	return 0;
}

static const struct file_operations table_fops = {
	.open = table_open,
};

static void locked_caller(struct table *t)
{
	spin_lock(&t->lock);
	t->p = twice(t);
	spin_unlock(&t->lock);
}

/* handed to a function that nobody knows */
static void unknown_callback(struct table *t)
{
	t->p = kmalloc(8, GFP_ATOMIC);
}

static void hand_out(struct table *t)
{
	register_with_firmware(t, unknown_callback);
}

/* a lock whose kind is not known, and failing that is fine */
static void *vendor_locked(struct table *t)
{
	void *p;

	t->a = kmalloc(8, GFP_KERNEL);
	vendor_lock(t);
	p = kmalloc(8, GFP_ATOMIC);
	vendor_unlock(t);
	return p;
}

static void *opportunistic(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	p = kmalloc(8, GFP_ATOMIC | __GFP_NOWARN);
	mutex_unlock(&t->mutex);
	return p;
}

/* the task is already set up to sleep: another sleep would wake it */
static int table_wait(struct table *t)
{
	DEFINE_WAIT(wait);
	int ret;

	mutex_lock(&t->mutex);
	prepare_to_wait(&t->queue, &wait, TASK_INTERRUPTIBLE);
	ret = usb_submit_urb(t->urb, GFP_ATOMIC);
	if (!ret)
		schedule_timeout(HZ);
	finish_wait(&t->queue, &wait);
	mutex_unlock(&t->mutex);
	return ret;
}

/* early boot: interrupts are still off */
void __init table_early_init(void)
{
	early_table = kzalloc(64, GFP_NOWAIT);
}

/* a lock that is only tried may be tried in an interrupt as well */
static void table_dump(struct table *t)
{
	char *text;

	if (!mmap_read_trylock(t->mm))
		return;
	text = (char *)__get_free_page(GFP_NOWAIT);
	if (text)
		table_print(t, text);
	free_page((unsigned long)text);
	mmap_read_unlock(t->mm);
}

/* the pool serves both: who holds an element must not wait for the next */
static struct bio *table_split(struct table *t, struct bio *bio)
{
	struct bio *front = bio_split(bio, 8, GFP_NOIO, &t->pool);

	return front ? bio_alloc_bioset(front->bi_bdev, 1, 0, GFP_NOWAIT, &t->pool) : NULL;
}

/* a packet handler that is needed while booting only */
static int __init table_receive(struct sk_buff *skb, struct net_device *dev, struct packet_type *type, struct net_device *orig)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	kfree_skb(skb);
	return 0;
}

static struct packet_type table_packets __initdata = {
	.type = cpu_to_be16(ETH_P_IP),
	.func = table_receive,
};

int tries_quickly_first(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	p = kmalloc(8, GFP_ATOMIC);
	if (!p)
		p = kmalloc(8, GFP_KERNEL);
	t->a = p;
	mutex_unlock(&t->mutex);
	return p ? 0 : -ENOMEM;
}
