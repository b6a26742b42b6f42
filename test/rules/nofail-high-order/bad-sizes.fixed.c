//# kernel 6.1
/* The order that a size comes to. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *four_pages(void)
{
	return kmalloc(4 * 4096, GFP_KERNEL); // want nofail-high-order "__GFP_NOFAIL at order 2: this kernel warns above order 1"
}

static void *a_little_more(void)
{
	return kmalloc(4 * 4096 + 1, GFP_KERNEL); // want nofail-high-order "at order 3"
}
