//# kernel 6.12
/* Rings of an InfiniBand card. */
#include <linux/dma-mapping.h>

struct ring {
	struct device *dev;
	dma_addr_t handle;
	bool pinned;
};

static void *ring_new(struct ring *ring, size_t size)
{
	return dma_alloc_coherent(ring->dev, size, &ring->handle, GFP_KERNEL); // want dma-mask "does not take __GFP_COMP: it warns and returns NULL"
	//                                                                     ^^^^^^^^^^ dma-mask
}

static void *ring_user(struct ring *ring, size_t size)
{
	gfp_t gfp = ring->pinned ? GFP_USER : GFP_KERNEL;

	return dma_alloc_coherent(ring->dev, size, &ring->handle, gfp); // want dma-mask
	//                                                              ^^^^^^^^^^ dma-mask
}

static void *ring_variable(struct ring *ring, size_t size)
{
	gfp_t gfp = GFP_KERNEL | __GFP_COMP;

	return dma_alloc_coherent(ring->dev, size, &ring->handle, gfp); // want dma-mask "__GFP_COMP"
	//                                                        ^^^ dma-mask
}

static void *ring_zone(struct ring *ring, size_t size)
{
	return dma_alloc_coherent(ring->dev, size, &ring->handle, GFP_KERNEL); // want dma-mask "__GFP_DMA32 is ignored"
}
