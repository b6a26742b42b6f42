//# kernel 6.12
#include <linux/vmalloc.h>

static void *dump_buffer(unsigned long size)
{
	return __vmalloc(size, GFP_NOWAIT); // want invalid-for-vmalloc "__vmalloc() needs a mask that may sleep"
	//                     ^^^^^^^^^^ invalid-for-vmalloc
}

static void *dump_try(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_NORETRY); // want? invalid-for-vmalloc "does not support __GFP_NORETRY"
	//                                  ^^^^^^^^^^^^^ invalid-for-vmalloc
}
