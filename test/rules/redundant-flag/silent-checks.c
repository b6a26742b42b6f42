//# kernel 5.15
// want nothing
/* Checks that say nothing against __GFP_NOFAIL. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct timer {
	char *name;
	struct timer *next;
};

/* vmalloc() keeps that promise from 5.17 on */
static int timer_table(struct timer *timer, size_t size)
{
	timer->name = __vmalloc(size, GFP_KERNEL | __GFP_NOFAIL);
	if (!timer->name)
		return -ENOMEM;
	return 0;
}

static int timer_large(struct timer *timer, size_t size)
{
	timer->name = kvmalloc(size, GFP_KERNEL | __GFP_NOFAIL);
	if (!timer->name)
		return -ENOMEM;
	return 0;
}

/* a name that is NULL stays NULL */
static int timer_name(struct timer *timer, const char *name)
{
	timer->name = kstrdup(name, GFP_KERNEL | __GFP_NOFAIL);
	if (!timer->name)
		return -EINVAL;
	return 0;
}

/* an assertion is no error path */
static void timer_asserts(struct timer *timer)
{
	timer->next = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	BUG_ON(!timer->next);
}

/* one of two, the check is for the other */
static int timer_given(struct timer *timer, struct timer *given)
{
	struct timer *one = given;

	if (timer->name)
		one = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	if (!one)
		return -EINVAL;
	timer->next = one;
	return 0;
}

/* a retry flag for what does more than the page allocator does */
static void *timer_lists(struct device *dev)
{
	return devm_kmalloc(dev, 8, GFP_NOWAIT | __GFP_NORETRY);
}

/* the check comes later, when others may have written the member */
static int timer_later(struct timer *timer)
{
	timer->next = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	timer_release(timer);
	if (!timer->next)
		return -EINVAL;
	return 0;
}

/* the allocation is the body of an else: the check is for both */
static int timer_either(struct timer *timer, bool old)
{
	if (old)
		timer->next = find_timer(timer);
	else
		timer->next = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	if (!timer->next)
		return -EINVAL;
	return 0;
}
