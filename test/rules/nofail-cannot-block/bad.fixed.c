/* Completion events, allocated where the caller holds no lock. */
#include <linux/slab.h>

struct event {
	int code;
	struct list_head list;
};

static struct event *event_new(void)
{
	return kzalloc(sizeof(struct event), GFP_ATOMIC); // want nofail-cannot-block "kzalloc() warns and can return NULL"
	//                                                ^^^^^^^^^^^^ nofail-cannot-block
}

static struct event *event_quick(void)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOFAIL;

	gfp &= ~__GFP_DIRECT_RECLAIM;
	return kzalloc(sizeof(struct event), gfp); // want nofail-cannot-block
	//                                   ^^^ nofail-cannot-block
}
