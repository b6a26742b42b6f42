//# kernel 6.12.0
/* Timers and rings of an imaginary SoC. */
#include <linux/slab.h>
#include <linux/dma-mapping.h>
#include <linux/vmalloc.h>

struct timer {
	int rate;
	struct timer *next;
};

static int timer_register(int rate)
{
	struct timer *timer;

	timer = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "__GFP_NOFAIL contradicts the NULL check"
	//                                           ^^^^^^^^^^^^ redundant-flag
	if (!timer)
		return -ENOMEM;
	timer->rate = rate;
	return timer_start(timer);
}

static int timer_chain(struct timer *timer)
{
	timer->next = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "contradicts the NULL check"
	if (unlikely(!timer->next))
		return -ENOMEM;
	return 0;
}

static int timer_pair(struct timer *a, struct timer *b)
{
	a->next = kzalloc(sizeof(*a), GFP_KERNEL);
	b->next = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL); // want redundant-flag "contradicts the NULL check"
	if (!a->next || !b->next)
		return -ENOMEM;
	return 0;
}

static struct timer *timer_new(void)
{
	return kzalloc(sizeof(struct timer), GFP_ATOMIC | __GFP_HIGH); // want redundant-flag "GFP_ATOMIC already contains __GFP_HIGH"
	//                                                ^^^^^^^^^^ redundant-flag
}

static struct timer *timer_zeroed(void)
{
	return kzalloc(sizeof(struct timer), GFP_KERNEL | __GFP_ZERO); // want redundant-flag "kzalloc() adds __GFP_ZERO itself"
}

static void *timer_ring(struct device *dev, size_t size, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, size, handle, GFP_KERNEL | __GFP_ZERO); // want redundant-flag "returns zeroed memory"
}

static struct timer *timer_try(void)
{
	return kmalloc(sizeof(struct timer), GFP_NOWAIT | __GFP_NORETRY); // want redundant-flag "__GFP_NORETRY has no effect"
}

static struct timer *timer_quiet(void)
{
	return kmalloc(sizeof(struct timer), GFP_NOWAIT | __GFP_NOWARN); // want redundant-flag "GFP_NOWAIT already contains __GFP_NOWARN"
}

static struct timer *timer_twice(void)
{
	return kmalloc(sizeof(struct timer), __GFP_NOWARN | GFP_KERNEL | __GFP_NOWARN); // want redundant-flag "__GFP_NOWARN stands here twice"
	//                                                               ^^^^^^^^^^^^ redundant-flag
}

static struct timer *timer_user(void)
{
	return kmalloc(sizeof(struct timer), GFP_KERNEL | GFP_USER); // want redundant-flag "GFP_USER already contains GFP_KERNEL"
	//                                   ^^^^^^^^^^ redundant-flag
}

static void *timer_pages(size_t size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_HIGHMEM); // want redundant-flag "uses highmem pages by itself"
}
