//# kernel 6.12
// want nothing
/* Sets of bits that are tested or cleared, and flags the caller decides. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *rule_blob(size_t len, gfp_t gfp, gfp_t extra)
{
	if ((gfp & (__GFP_FS | __GFP_IO | __GFP_RECLAIM)) != (__GFP_FS | __GFP_IO | __GFP_RECLAIM))
		gfp &= ~(__GFP_IO | __GFP_FS | __GFP_RECLAIM);
	gfp &= __GFP_RECLAIM | __GFP_IO | __GFP_FS;
	return kmalloc(len, gfp | extra);
}
