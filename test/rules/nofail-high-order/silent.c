//# kernel 6.12
// want nothing
/* Orders and sizes that are not known. */
#include <linux/gfp.h>
#include <linux/slab.h>

static struct page *log_pages(unsigned int order)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, order);
}

static void *log_block(size_t len)
{
	return kmalloc(len, GFP_NOIO | __GFP_NOFAIL);
}
