//# kernel 6.1
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

static void *under_mutex(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	p = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "&t->mutex is held"
	//             ^^^^^^^^^^ needless-atomic
	mutex_unlock(&t->mutex);
	return p;
}

static int slept_before(struct table *t)
{
	t->a = kmalloc(8, GFP_KERNEL);
	if (!t->a)
		return -ENOMEM;
	t->b = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "slept_before() may sleep here"
	return t->b ? 0 : -ENOMEM;
}

static int add_ring(struct table *t)
{
	t->ring = kcalloc(4, 8, GFP_ATOMIC);	// want needless-atomic "add_ring() is only called where sleeping is allowed"
	return t->ring ? 0 : -ENOMEM;
}

static void work_fn(struct work_struct *work)
{
	add_ring(container_of(work, struct table, work));
}

static int table_probe(struct platform_device *pdev)
{
	struct table *t = platform_get_drvdata(pdev);

	t->c = kzalloc(8, GFP_NOWAIT);		// want needless-atomic "table_probe() is only called where sleeping is allowed"
	if (!t->c)
		return -ENOMEM;
	INIT_WORK(&t->work, work_fn);
	return add_ring(t);
}

static struct platform_driver table_driver = {
	.probe = table_probe,
};

static int __init table_init(void)
{
	void *p = kmalloc(8, GFP_ATOMIC);	// want needless-atomic "table_init() is only called where sleeping is allowed"

	kfree(p);
	return slept_before(NULL);
}
module_init(table_init);
