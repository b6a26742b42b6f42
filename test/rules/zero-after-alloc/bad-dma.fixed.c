//# kernel 5.0
// In 5.0 all of them zero it.

#include <linux/dma-mapping.h>
#include <linux/string.h>

static void *ring_new(struct device *dev, size_t size, dma_addr_t *handle)
{
	void *ring = dma_alloc_coherent(dev, size, handle, GFP_KERNEL);

	// want zero-after-alloc "memset() zeroes ring once more"
	return ring;
}
