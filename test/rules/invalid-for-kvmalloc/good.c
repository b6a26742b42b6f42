//# kernel 6.1
// want nothing
#include <linux/slab.h>
#include <linux/mm.h>

static void *snap_table(size_t size)
{
	return kvmalloc(size, GFP_NOFS | __GFP_RETRY_MAYFAIL);
}

static void *snap_must(size_t size)
{
	return kvmalloc(size, GFP_KERNEL | __GFP_NOFAIL);
}
