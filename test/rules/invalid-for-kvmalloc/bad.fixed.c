//# kernel 6.12
#include <linux/slab.h>
#include <linux/mm.h>

static void *snap_table(size_t size)
{
	return kvmalloc(size, GFP_ATOMIC); // want invalid-for-kvmalloc "there is no fallback to vmalloc"
	//                    ^^^^^^^^^^ invalid-for-kvmalloc
}

static void *snap_quick(size_t count)
{
	return kvcalloc(count, sizeof(u64), GFP_NOWAIT); // want invalid-for-kvmalloc "kvcalloc()"
}

static void *snap_try(size_t size)
{
	return kvzalloc(size, GFP_KERNEL | __GFP_NORETRY); // want? invalid-for-kvmalloc "__GFP_NORETRY"
}

static void *snap_first(size_t size)
{
	return kvmalloc(size, GFP_ATOMIC | __GFP_NOWARN); // want? invalid-for-kvmalloc "there is no fallback to vmalloc"
}

static void *snap_high(size_t size)
{
	return kvmalloc(size, GFP_KERNEL); // want invalid-for-kvmalloc "it asks slab first, which warns and drops the flag"
	//                                 ^^^^^^^^^^^^^ invalid-for-kvmalloc
}
