//# kernel 6.1
// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>

#define IMAGE_GFP	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

static void *image_new(size_t len, bool may_wait)
{
	gfp_t gfp = may_wait ? GFP_KERNEL : GFP_ATOMIC;

	return kmalloc(len, gfp | __GFP_NOWARN);
}

static void *image_low(size_t len)
{
	return kmalloc(len, GFP_KERNEL | GFP_DMA);
}

static void *image_accounted(size_t len)
{
	return kmalloc(len, IMAGE_GFP | __GFP_NORETRY);
}

static struct page *image_pages(unsigned int order)
{
	return alloc_pages(GFP_KERNEL | __GFP_COMP | (order ? __GFP_NORETRY : __GFP_RETRY_MAYFAIL), order);
}
