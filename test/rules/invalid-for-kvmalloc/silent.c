//# kernel 6.12
// want nothing
/* One page at most is plain kmalloc; other masks come from the caller. */
#include <linux/slab.h>
#include <linux/mm.h>

static void *snap_small(void)
{
	return kvmalloc(512, GFP_ATOMIC);
}

static void *snap_table(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp);
}
