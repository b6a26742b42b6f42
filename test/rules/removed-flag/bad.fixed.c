//# kernel 6.12
/* A driver that was last built for 4.4. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *job_buffer(size_t len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_RETRY_MAYFAIL); // want removed-flag "use __GFP_RETRY_MAYFAIL"
	//                               ^^^^^^^^^^^^ removed-flag
}

static struct page *job_page(void)
{
	return alloc_page(GFP_KERNEL); // want removed-flag "4.15 removed it"
}

static void *job_scratch(size_t len)
{
	return kmalloc(len, GFP_KERNEL); // want removed-flag "4.14 removed it"
}
