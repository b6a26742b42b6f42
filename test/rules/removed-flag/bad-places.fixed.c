//# kernel 6.12
/* A name with two successors, where it is added, asked for, and taken away. */
#include <linux/slab.h>

static void *waits(size_t len)
{
	return kmalloc(len, GFP_ATOMIC | __GFP_RECLAIM); // want removed-flag "__GFP_WAIT does not exist"
}

static bool may_wait(gfp_t gfp)
{
	return gfp & __GFP_RECLAIM; // want removed-flag "__GFP_WAIT does not exist"
}

static gfp_t without(gfp_t gfp)
{
	return gfp & ~__GFP_RECLAIM; // want removed-flag "__GFP_WAIT does not exist"
}
