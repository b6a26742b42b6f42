//# kernel 6.19
// want nothing
#include <linux/slab.h>

static void *snap_table(size_t size)
{
	return kvmalloc(size, GFP_ATOMIC);
}
