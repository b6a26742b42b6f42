// want nothing
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

static void *trace_alloc(void)
{
	return kvmalloc(SZ_8M, GFP_KERNEL);
}

static void *trace_window(void)
{
	return vmalloc(SZ_8M);
}
