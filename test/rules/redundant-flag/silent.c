//# kernel 6.12.0
// want nothing
/* The pointer may hold something else, or the flag is set on some paths only. */
#include <linux/slab.h>
#include <linux/gfp.h>

struct timer {
	int rate;
	struct timer *next;
};

static struct timer *timer_get(struct timer *spare, bool must)
{
	struct timer *timer;
	gfp_t gfp = GFP_NOFS;

	if (must)
		gfp |= __GFP_NOFAIL;
	timer = kzalloc(sizeof(*timer), gfp);
	if (!timer)
		return spare;
	return timer;
}

static int timer_reuse(struct timer *first, bool fresh)
{
	struct timer *timer = first;

	if (fresh)
		timer = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	if (!timer)
		return -ENOENT;
	return timer_start(timer);
}

static int timer_chain(struct timer *timer, bool fresh)
{
	if (fresh)
		timer->next = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);
	if (!timer->next)
		return -ENOENT;
	return 0;
}

static struct timer *timer_try(gfp_t gfp)
{
	return kmalloc(sizeof(struct timer), gfp | __GFP_NORETRY);
}

static int timer_until(size_t len)
{
	char *name = NULL;

	while (!name)
		name = kmalloc(len, GFP_KERNEL | __GFP_NOFAIL);
	return timer_name(name);
}
