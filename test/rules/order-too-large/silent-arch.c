//# path arch/arm64/mm/trace.c
// want nothing
/* How large pages are there is not known without a configuration. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *window(void)
{
	return kmalloc(SZ_8M, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}
