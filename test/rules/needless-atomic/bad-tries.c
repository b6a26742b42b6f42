//# kernel 6.1
/* An atomic mask in front of one that may sleep: what is a first try, and what is not. */
#include <linux/mutex.h>
#include <linux/slab.h>

static void of_another_allocator(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	p = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "&t->mutex is held"
	if (!p)
		p = kzalloc(8, GFP_KERNEL);
	t->a = p;
	mutex_unlock(&t->mutex);
}

static void of_another_place(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "&t->mutex is held"
	if (!t->a)
		t->b = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void again_without_a_test(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "&t->mutex is held"
	table_use(t);
	t->a = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void again_much_later(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_ATOMIC);		// want needless-atomic "&t->mutex is held"
	table_use(t);
	table_forget(t);
	if (!t->a)
		t->a = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void before_it(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_KERNEL);
	if (!t->a)
		t->a = kmalloc(8, GFP_ATOMIC);	// want needless-atomic "&t->mutex is held"
	mutex_unlock(&t->mutex);
}

static void nowhere(struct table *t)
{
	mutex_lock(&t->mutex);
	table_give(t, kmalloc(8, GFP_ATOMIC));	// want needless-atomic "&t->mutex is held"
	if (!t->a)
		table_give(t, kmalloc(8, GFP_KERNEL));
	mutex_unlock(&t->mutex);
}
