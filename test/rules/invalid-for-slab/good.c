// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>

static void *descriptor(size_t len)
{
	return kmalloc(len, GFP_KERNEL | GFP_DMA);
}

static struct page *page_below_4g(void)
{
	return alloc_page(GFP_KERNEL | GFP_DMA32);
}
