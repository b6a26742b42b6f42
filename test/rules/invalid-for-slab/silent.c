// want nothing
/* The zone is taken out, or not known. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *descriptor(size_t len, gfp_t gfp)
{
	return kmalloc(len, gfp & ~(__GFP_HIGHMEM | __GFP_NOWARN));
}

static void *object(struct kmem_cache *cache, gfp_t gfp, bool narrow)
{
	if (narrow)
		gfp |= GFP_DMA32;
	return kmem_cache_alloc(cache, gfp);
}
