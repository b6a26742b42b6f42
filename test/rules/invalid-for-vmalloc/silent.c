//# kernel 5.10
// want nothing
/* The mask is the caller's. */
#include <linux/vmalloc.h>

static void *leaf_buffer(unsigned long size, gfp_t gfp)
{
	return __vmalloc(size, gfp | __GFP_NOWARN);
}
