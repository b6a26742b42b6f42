//# kernel 6.19
/* From 6.19 on there is a list of what is supported. */
#include <linux/vmalloc.h>

static void *leaf_buffer(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL); // want invalid-for-vmalloc "does not support __GFP_HIGHMEM"
	//                                  ^^^^^^^^^^^^^ invalid-for-vmalloc
}

static void *leaf_atomic(unsigned long size)
{
	return __vmalloc(size, GFP_ATOMIC);
}
