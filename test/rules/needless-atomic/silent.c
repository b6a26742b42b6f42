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
