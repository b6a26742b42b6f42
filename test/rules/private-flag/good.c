// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>

static void *note_new(size_t len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_NOWARN);
}

static struct page *note_page(void)
{
	/* no reclaim and no kswapd: a valid mask */
	return alloc_page(0);
}
