// want nothing
/* The zone depends on the device, or the caller's zone is taken out first. */
#include <linux/gfp.h>
#include <linux/mm.h>

struct frame_pool {
	gfp_t zone;
	bool low;
};

static struct page *frame_page(struct frame_pool *pool)
{
	gfp_t gfp = GFP_USER;

	if (pool->low)
		gfp |= GFP_DMA32;
	else
		gfp |= __GFP_HIGHMEM;
	return alloc_page(gfp);
}

static struct page *frame_again(struct frame_pool *pool, gfp_t gfp)
{
	gfp = (gfp & ~GFP_DMA32) | GFP_DMA;
	return alloc_page(gfp | pool->zone);
}

static struct page *frame_strip(gfp_t gfp)
{
	gfp &= ~(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);
	return alloc_page(gfp);
}
