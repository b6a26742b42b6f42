#include <linux/slab.h>
#include <linux/gfp.h>

static void *descriptor(size_t len)
{
	return kmalloc(len, GFP_KERNEL | GFP_DMA32); // want invalid-for-slab "kmalloc() cannot use __GFP_DMA32: it warns and drops the flag"
	//                               ^^^^^^^^^ invalid-for-slab
}

static void *object(struct kmem_cache *cache)
{
	return kmem_cache_alloc(cache, GFP_HIGHUSER); // want invalid-for-slab "__GFP_HIGHMEM"
}
