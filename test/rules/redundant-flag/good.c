//# kernel 6.1
// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>

struct timer {
	int rate;
};

static int timer_register(int rate)
{
	struct timer *timer = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);

	timer->rate = rate;
	return timer_start(timer);
}

static struct timer *timer_quiet(void)
{
	/* before 6.8 GFP_NOWAIT does not hold __GFP_NOWARN */
	return kmalloc(sizeof(struct timer), GFP_NOWAIT | __GFP_NOWARN);
}

static struct timer *timer_urgent(void)
{
	return kmalloc(sizeof(struct timer), GFP_KERNEL | __GFP_HIGH | __GFP_NORETRY);
}
