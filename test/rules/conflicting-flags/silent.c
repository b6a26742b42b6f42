//# kernel 6.12
// want nothing
/* Masks that filter or test, and masks of which a part comes from elsewhere. */
#include <linux/slab.h>
#include <linux/gfp.h>

struct pool {
	gfp_t gfp;
	struct kmem_cache *cache;
};

static void *pool_get(struct pool *pool, gfp_t gfp)
{
	gfp &= GFP_KERNEL | GFP_ATOMIC | __GFP_NOLOCKDEP;
	if ((pool->gfp & (GFP_ATOMIC | GFP_KERNEL)) != GFP_ATOMIC)
		gfp |= __GFP_NOWARN;
	return kmem_cache_alloc(pool->cache, gfp | pool->gfp | __GFP_NOFAIL);
}

static void *pool_try(struct pool *pool, gfp_t gfp, bool must)
{
	if (must)
		gfp |= __GFP_NOFAIL;
	else
		gfp |= __GFP_NORETRY;
	return kmem_cache_alloc(pool->cache, gfp);
}

static void *pool_filtered(struct pool *pool)
{
	gfp_t filter = __GFP_RECLAIM;

	filter &= __GFP_NORETRY | __GFP_NOFAIL;
	return kmem_cache_alloc(pool->cache, pool->gfp & filter);
}
