//# kernel 6.12
// want nothing
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/gfp.h>

static unsigned int *rule_offsets(unsigned int count)
{
	return kvcalloc(count, sizeof(unsigned int), GFP_KERNEL);
}

static struct page *rule_page(void)
{
	/* pages have no zeroing form */
	return alloc_page(GFP_KERNEL | __GFP_ZERO);
}

static void *rule_light(size_t len)
{
	return kmalloc(len, __GFP_DIRECT_RECLAIM | __GFP_NOWARN | __GFP_NORETRY);
}
