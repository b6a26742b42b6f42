// want nothing
/* Logical operators between tests of a mask. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *rx_buffer(size_t len, gfp_t gfp, bool quiet)
{
	bool wait = !!(gfp & __GFP_DIRECT_RECLAIM);

	if ((gfp & __GFP_FS) && quiet)
		gfp |= __GFP_NOWARN;
	if (!(gfp & __GFP_IO) || gfp == GFP_ATOMIC)
		wait = false;
	if (gfp && wait)
		gfp &= ~__GFP_NORETRY;
	return kmalloc(len, gfp);
}
