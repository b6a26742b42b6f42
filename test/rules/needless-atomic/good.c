// want nothing
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static void *under_mutex(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	p = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
	return p;
}

static void *under_spinlock(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	spin_lock(&t->lock);
	p = kmalloc(8, GFP_ATOMIC);
	spin_unlock(&t->lock);
	mutex_unlock(&t->mutex);
	return p;
}
