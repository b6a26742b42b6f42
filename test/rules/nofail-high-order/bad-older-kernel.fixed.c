//# kernel 5.15
/* Orders up to 3 come from the per-CPU lists here, past the warning. */
#include <linux/gfp.h>

static struct page *log_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 3);
}

static struct page *log_segment(void)
{
	return alloc_pages(GFP_KERNEL, 4); // want nofail-high-order "order 4: this kernel warns above order 3"
}
