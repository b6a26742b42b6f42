/* What is taken out when flags of several kinds stand together. */
#include <linux/gfp.h>

static struct page *of_two_flags(void)
{
	return alloc_page(GFP_KERNEL | __GFP_DMA); // want zone-conflict "__GFP_HIGHMEM ask for different zones: the zone table"
}

static struct page *of_a_movable_page(void)
{
	return alloc_page(GFP_HIGHUSER_MOVABLE); // want zone-conflict "(from GFP_HIGHUSER_MOVABLE and __GFP_DMA32)"
}
