// want nothing
/* Whether the mask may block is the caller's business. */
#include <linux/slab.h>

struct event {
	int code;
};

static struct event *event_new(gfp_t gfp)
{
	return kzalloc(sizeof(struct event), gfp | __GFP_NOFAIL);
}

static struct event *event_choose(bool wait)
{
	gfp_t gfp = __GFP_NOWARN;

	if (wait)
		gfp |= GFP_KERNEL | __GFP_NOFAIL;
	else
		gfp |= GFP_NOWAIT;
	return kzalloc(sizeof(struct event), gfp);
}
