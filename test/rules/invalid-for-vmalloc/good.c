//# kernel 6.1
// want nothing
#include <linux/vmalloc.h>

static void *leaf_buffer(unsigned long size)
{
	return __vmalloc(size, GFP_NOFS | __GFP_NOWARN);
}

static void *leaf_must(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOFAIL);
}
