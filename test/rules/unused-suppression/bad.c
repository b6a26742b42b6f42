#include <linux/slab.h>

static void *word_buffer(size_t len)
{
	// want unused-suppression
	/* gfp-lens: allow(conflicting-flags) the caller asked for it */
	return kmalloc(len, GFP_NOFS);
}

static void *word_scratch(size_t len)
{
	// want unused-suppression
	/* gfp-lens: allow(conflicting-flags) */
	return kmalloc(len, GFP_KERNEL | GFP_NOFS);
}
