//# kernel 5.3
// want nothing
/* Up to 5.3 dma_alloc_attrs() passed zone flags on. */
#include <linux/dma-mapping.h>

static void *ring_zone(struct ring *ring, size_t size)
{
	return dma_alloc_coherent(ring->dev, size, &ring->handle, GFP_KERNEL | GFP_DMA32);
}
