// want nothing
/* What the caller asks for is not known here. */
#include <linux/dma-mapping.h>

static void *ring_new(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, bool compound)
{
	if (compound)
		gfp |= __GFP_COMP;
	return dma_alloc_coherent(dev, size, handle, gfp);
}
