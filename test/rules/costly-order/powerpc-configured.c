//# path arch/powerpc/platforms/fixture/window.c
//# config CONFIG_PPC_4K_PAGES=y
/* The configuration says how large pages are. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *window(void)
{
	return kzalloc(SZ_128K, GFP_KERNEL); // want costly-order "(order 5): above order 3"
}
