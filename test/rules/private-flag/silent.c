//# path mm/note.c
// want nothing
/* The allocator's own sources may use the numbers. */
#include <linux/gfp.h>

static struct page *note_page(gfp_t gfp)
{
	return alloc_page(gfp | ___GFP_NOWARN);
}
