//# kernel 6.19
// want nothing
/* From 6.19 on the allocator does not warn about the order any more. */
#include <linux/gfp.h>

static struct page *log_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 2);
}
