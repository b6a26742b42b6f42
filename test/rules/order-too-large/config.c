//# kernel 6.12
//# config CONFIG_ARM64_64K_PAGES=y
// want nothing
#include <linux/sizes.h>
#include <linux/slab.h>

/* With pages of 64 KiB the largest block has 64 MiB. */
static void *window(void)
{
	return kmalloc(SZ_8M, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}
