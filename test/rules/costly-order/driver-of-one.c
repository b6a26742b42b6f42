//# path drivers/net/ethernet/ibm/fixture/map.c
/* Built for powerpc alone, whose pages mostly have 64 KiB. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *map(void)
{
	return kzalloc(SZ_64K, GFP_KERNEL); // want? costly-order "(order 4) with pages of 4 KiB: above order 3"
}

static void *large_map(void)
{
	return kzalloc(SZ_1M, GFP_KERNEL); // want costly-order "(order 8) with pages of 4 KiB: above order 3"
}
