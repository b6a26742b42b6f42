// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>

static void *rx_buffer(size_t len, gfp_t gfp)
{
	if (gfp & __GFP_FS)
		gfp &= ~__GFP_FS;
	return kmalloc(len, gfp | __GFP_NOWARN);
}
