//# kernel 5.10
#include <linux/slab.h>
#include <linux/mm.h>

static void *snap_table(size_t size)
{
	return kvmalloc(size, GFP_NOFS); // want invalid-for-kvmalloc "a mask without __GFP_FS: there is no fallback to vmalloc"
}
