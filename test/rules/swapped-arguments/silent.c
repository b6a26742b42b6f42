// want nothing
/* Both positions hold variables, or the mask is computed. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *session_blob(size_t len, gfp_t priority)
{
	return kmalloc(len, priority);
}

static void *session_swapped(size_t a, size_t b)
{
	return kmalloc(a, b);
}

static struct page *session_page(struct address_space *mapping, unsigned int order)
{
	return alloc_pages(mapping_gfp_mask(mapping), order);
}
