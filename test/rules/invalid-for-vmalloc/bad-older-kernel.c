//# kernel 5.10
/* Up to 5.16 the page tables do not follow the mask. */
#include <linux/vmalloc.h>

static void *leaf_buffer(unsigned long size)
{
	return __vmalloc(size, GFP_NOFS); // want invalid-for-vmalloc "use a memalloc_nofs_save() scope with GFP_KERNEL"
	//                     ^^^^^^^^ invalid-for-vmalloc
}

static void *leaf_bitmap(unsigned long size)
{
	return __vmalloc(size, GFP_NOIO | __GFP_ZERO); // want invalid-for-vmalloc "memalloc_noio_save()"
}
