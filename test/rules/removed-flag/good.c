//# kernel 4.12
// want nothing
/* The names this kernel has. */
#include <linux/slab.h>

static void *job_buffer(size_t len)
{
	return kmalloc(len, GFP_TEMPORARY | __GFP_REPEAT);
}
