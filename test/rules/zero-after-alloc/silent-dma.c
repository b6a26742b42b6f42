//# kernel 4.19
// want nothing
/* Before 5.0 some architectures handed out DMA memory as it was. */
#include <linux/dma-mapping.h>
#include <linux/string.h>

static void *ring_new(struct device *dev, size_t size, dma_addr_t *handle)
{
	void *ring = dma_alloc_coherent(dev, size, handle, GFP_KERNEL);

	if (ring)
		memset(ring, 0, size);
	return ring;
}
