//# kernel 6.12
/* Log buffers of a storage target. */
#include <linux/gfp.h>
#include <linux/slab.h>

static struct page *log_pages(void)
{
	return alloc_pages(GFP_KERNEL, 2); // want nofail-high-order "__GFP_NOFAIL at order 2: this kernel warns above order 1"
	//                              ^^^^^^^^^^^^ nofail-high-order
}

static void *log_block(void)
{
	return kmalloc(16384, GFP_NOIO); // want nofail-high-order "order 2"
}
