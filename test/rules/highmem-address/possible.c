/* Another function of the file takes the address. */
#include <linux/gfp.h>
#include <linux/mm.h>

struct ring {
	struct page *page;
};

static int ring_init(struct ring *ring)
{
	ring->page = alloc_page(GFP_HIGHUSER);
	return ring->page ? 0 : -ENOMEM;
}

static void *ring_base(struct ring *ring)
{
	return page_address(ring->page); // want? highmem-address
}
