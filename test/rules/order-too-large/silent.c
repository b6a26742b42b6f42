// want nothing
#include <linux/sizes.h>
#include <linux/slab.h>

/* The size comes from the caller, from another file, or may be small. */
static void *window(size_t bytes, bool large)
{
	if (large)
		return kmalloc(bytes, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	return kmalloc(min_t(size_t, bytes, SZ_8M), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}

static void *device_window(void)
{
	return kzalloc(DEVICE_WINDOW_BYTES, GFP_KERNEL);
}
