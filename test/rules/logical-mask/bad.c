/* Receive buffers. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *rx_buffer(size_t len)
{
	return kmalloc(len, GFP_KERNEL || __GFP_NOWARN); // want logical-mask "`|` is meant"
	//                             ^^ logical-mask
}

static void *rx_quiet(size_t len, gfp_t gfp)
{
	return kmalloc(len, gfp & !__GFP_FS); // want logical-mask "`~` is meant"
	//                        ^ logical-mask
}

static void *rx_sum(size_t len)
{
	gfp_t gfp = GFP_ATOMIC + __GFP_NOWARN; // want logical-mask "`+` on GFP_ATOMIC"

	return kmalloc(len, gfp);
}

static struct page *rx_page(gfp_t gfp)
{
	if (gfp && __GFP_FS) // want logical-mask "`&&` takes __GFP_FS as a truth value"
	//      ^^ logical-mask
		gfp |= __GFP_NOWARN;
	return alloc_page(gfp);
}

static struct page *rx_page_first(gfp_t gfp)
{
	if (__GFP_FS && gfp) // want logical-mask "`&&` takes __GFP_FS as a truth value"
	//           ^^ logical-mask
		gfp |= __GFP_NOWARN;
	return alloc_page(gfp);
}
