//# kernel 6.1
// want nothing
/* A quick try first, then one that may sleep: that is meant. */
#include <linux/mutex.h>
#include <linux/slab.h>

static void of_a_member(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_ATOMIC);
	if (!t->a)
		t->a = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void of_an_element(struct table *t, int i)
{
	mutex_lock(&t->mutex);
	t->rings[i] = kmalloc(8, GFP_NOWAIT);
	if (t->rings[i] == NULL)
		t->rings[i] = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void of_what_a_parameter_points_to(struct table *t, void **p)
{
	mutex_lock(&t->mutex);
	*p = kmalloc(8, GFP_ATOMIC);
	if (!*p)
		*p = kmalloc(8, GFP_KERNEL);
	mutex_unlock(&t->mutex);
}

static void in_one_go(struct table *t)
{
	void *p;

	mutex_lock(&t->mutex);
	if (!(p = kmalloc(8, GFP_ATOMIC)) && !p)
		p = kmalloc(8, GFP_KERNEL);
	t->a = p;
	mutex_unlock(&t->mutex);
}
