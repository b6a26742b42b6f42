//# kernel 6.12
// want nothing
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

static struct page *log_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 1);
}

static void *log_block(void)
{
	return kmalloc(8192, GFP_NOIO | __GFP_NOFAIL);
}

static void *log_table(void)
{
	return kvmalloc(65536, GFP_KERNEL | __GFP_NOFAIL);
}
