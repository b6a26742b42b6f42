// want nothing
/* Comments that only talk about the tool: gfp-lens finds masks. */
#include <linux/slab.h>

static void *word_buffer(size_t len)
{
	/* see what gfp-lens says about this mask */
	return kmalloc(len, GFP_NOFS);
}
