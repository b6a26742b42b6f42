//# kernel 4.12
/* A driver back-ported to a kernel before the flag. */
#include <linux/slab.h>

static void *job_buffer(size_t len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_REPEAT); // want removed-flag "4.13 adds it"
}
