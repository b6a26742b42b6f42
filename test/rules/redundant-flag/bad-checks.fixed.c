//# kernel 6.12.0
/* The check belongs to the allocation, by its place or because the pointer holds nothing else. */
#include <linux/slab.h>

struct timer {
	int rate;
	struct timer *next;
};

static struct timer *declared_empty(bool again)
{
	struct timer *timer = NULL;

	if (timer)
		return timer;
	timer = kzalloc(sizeof(*timer), GFP_KERNEL); // want redundant-flag "contradicts the NULL check"
	if (!timer)
		return NULL;
	return timer;
}

static int next_statement(struct timer *timer)
{
	timer->next = find_timer(timer);
	timer->next = kzalloc(sizeof(*timer), GFP_KERNEL); // want redundant-flag "contradicts the NULL check"
	/* it cannot */
	if (!timer->next)
		return -ENOMEM;
	return 0;
}
