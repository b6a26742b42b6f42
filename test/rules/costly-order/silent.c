// want nothing
#include <linux/dma-mapping.h>
#include <linux/sizes.h>
#include <linux/slab.h>

struct adapter {
	struct device *dev;
	dma_addr_t dma;
};

/* Eight pages are still served as long as it takes. */
static void *just_fits(void)
{
	return kmalloc(SZ_32K, GFP_KERNEL);
}

/* The caller may have named a retry policy. */
static void *from_caller(gfp_t gfp)
{
	return kmalloc(SZ_64K, gfp);
}

static void *cannot_reclaim(void)
{
	return kmalloc(SZ_64K, GFP_ATOMIC);
}

static void *device_memory(struct adapter *a)
{
	return dma_alloc_coherent(a->dev, SZ_1M, &a->dma, GFP_KERNEL);
}

static void *limited(u16 count)
{
	return kmalloc_array(min_t(u16, count, 64), 256, GFP_KERNEL);
}
