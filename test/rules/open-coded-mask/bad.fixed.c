//# kernel 6.12
/* Tables of a packet filter. */
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/dmapool.h>

static void *rule_blob(size_t len)
{
	gfp_t gfp = GFP_KERNEL; // want open-coded-mask "is GFP_KERNEL"
	//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ open-coded-mask

	return kmalloc(len, gfp);
}

static void *rule_nofs(size_t len)
{
	return kmalloc(len, GFP_NOFS | __GFP_NOWARN); // want open-coded-mask "__GFP_IO | __GFP_RECLAIM is GFP_NOFS"
}

static void *rule_accounted(size_t len)
{
	return kmalloc(len, GFP_KERNEL_ACCOUNT); // want open-coded-mask "is GFP_KERNEL_ACCOUNT"
}

static unsigned int *rule_offsets(unsigned int count)
{
	return kvcalloc(count, sizeof(unsigned int), GFP_KERNEL); // want open-coded-mask "kvmalloc_array() with __GFP_ZERO is kvcalloc()"
	//                                                              ^^^^^^^^^^ open-coded-mask
}

static void *rule_object(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_zalloc(cache, gfp); // want open-coded-mask "is kmem_cache_zalloc()"
}

static void *rule_descriptor(struct dma_pool *pool, dma_addr_t *handle)
{
	return dma_pool_zalloc(pool, GFP_ATOMIC, handle); // want open-coded-mask "is dma_pool_zalloc()"
}
