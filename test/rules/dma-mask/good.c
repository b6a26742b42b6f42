// want nothing
#include <linux/dma-mapping.h>
#include <linux/gfp.h>

static void *ring_new(struct device *dev, size_t size, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, size, handle, GFP_KERNEL | __GFP_NOWARN);
}

static struct page *ring_page(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_COMP, 1);
}
