// want nothing
#include <linux/gfp.h>
#include <linux/mm.h>

static struct page *frame_page(bool narrow)
{
	if (narrow)
		return alloc_page(GFP_USER | GFP_DMA32);
	return alloc_page(GFP_HIGHUSER_MOVABLE);
}

static struct page *frame_movable(void)
{
	return alloc_page(GFP_KERNEL | __GFP_MOVABLE | GFP_DMA);
}
