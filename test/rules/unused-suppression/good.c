// want nothing
#include <linux/slab.h>

static void *word_buffer(size_t len)
{
	/* gfp-lens: allow(conflicting-flags) old interface, kept as it was */
	return kmalloc(len, GFP_KERNEL | GFP_NOFS);
}
