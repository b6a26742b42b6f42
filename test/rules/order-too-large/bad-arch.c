//# path arch/arm64/mm/trace.c
//# config CONFIG_ARM64_4K_PAGES=y
/* With a configuration the pages of another architecture are known. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *window(void)
{
	return kmalloc(SZ_8M, GFP_KERNEL | __GFP_RETRY_MAYFAIL); // want order-too-large "of 8 MiB can never succeed"
}
