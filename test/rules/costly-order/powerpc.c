//# path arch/powerpc/platforms/fixture/window.c
/* Kernels of this architecture mostly have pages of 64 KiB. */
#include <linux/sizes.h>
#include <linux/slab.h>

static void *window(void)
{
	return kzalloc(SZ_128K, GFP_KERNEL); // want? costly-order "(order 5) with pages of 4 KiB: above order 3"
}

static void *large_window(void)
{
	return kzalloc(SZ_1M, GFP_KERNEL); // want costly-order "(order 8) with pages of 4 KiB: above order 3"
}

static unsigned long pages(void)
{
	return __get_free_pages(GFP_KERNEL, 4); // want costly-order "16 contiguous pages (order 4): above order 3"
}

static unsigned long table(void)
{
	unsigned long size = SZ_1M;
	unsigned long order = get_order(size);

	return __get_free_pages(GFP_KERNEL, order); // want costly-order "256 contiguous pages (order 8) with pages of 4 KiB: above order 3"
}

static unsigned long small_table(void)
{
	unsigned long size = SZ_128K;
	unsigned long order = get_order(size);

	return __get_free_pages(GFP_KERNEL, order); // want? costly-order "32 contiguous pages (order 5) with pages of 4 KiB: above order 3"
}
