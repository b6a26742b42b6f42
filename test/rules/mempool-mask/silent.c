// want nothing
/* The caller's mask. */
#include <linux/mempool.h>

static void *request_new(mempool_t *pool, gfp_t gfp)
{
	return mempool_alloc(pool, gfp & ~__GFP_HIGHMEM);
}
