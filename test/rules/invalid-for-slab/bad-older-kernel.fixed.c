//# kernel 4.4
/* mm/slub.c had BUG_ON(flags & GFP_SLAB_BUG_MASK) up to 4.7. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *descriptor(size_t len)
{
	return kmalloc(len, GFP_KERNEL); // want invalid-for-slab "kmalloc() cannot use __GFP_DMA32: this kernel stops with a BUG"
}
