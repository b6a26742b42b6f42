#include <linux/mempool.h>

static void *request_new(mempool_t *pool)
{
	return mempool_alloc(pool, GFP_NOIO); // want mempool-mask "does not support __GFP_ZERO"
	//                                    ^^^^^^^^^^ mempool-mask
}

static void *request_try(mempool_t *pool)
{
	return mempool_alloc(pool, GFP_NOIO); // want mempool-mask "sets __GFP_NOWARN by itself"
}
