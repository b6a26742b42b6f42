//# kernel 5.17
/* From 5.17 on vmalloc() does not give up with __GFP_NOFAIL either. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct timer {
	char *name;
};

static int timer_table(struct timer *timer, size_t size)
{
	timer->name = __vmalloc(size, GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "__vmalloc() never gives up with it"
	if (!timer->name)
		return -ENOMEM;
	return 0;
}

static int timer_large(struct timer *timer, size_t size)
{
	timer->name = kvmalloc(size, GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "kvmalloc() never gives up with it"
	if (!timer->name)
		return -ENOMEM;
	return 0;
}

static void *timer_try(void)
{
	return kmalloc(8, GFP_ATOMIC | __GFP_RETRY_MAYFAIL); // want redundant-flag "__GFP_RETRY_MAYFAIL has no effect"
}
