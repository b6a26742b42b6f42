//# kernel 6.1
#include <linux/dma-mapping.h>

static void *ring_new(struct device *dev, size_t size, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, size, handle, GFP_ATOMIC); // want dma-mask "kernels from 6.2 on warn and return NULL"
}
