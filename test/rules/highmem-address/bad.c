//# kernel 6.12.0
#include <linux/gfp.h>
#include <linux/mm.h>

static void *scratch(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		return NULL;
	return page_address(page); // want highmem-address "page_address() has no address for a page of alloc_page(GFP_HIGHUSER): it may be in highmem"
	//     ^^^^^^^^^^^^^^^^^^ highmem-address
}

static void *at_once(void)
{
	return page_address(alloc_pages(GFP_KERNEL | __GFP_HIGHMEM | __GFP_NOFAIL, 0)); // want highmem-address
}

static unsigned long refused_pages(void)
{
	return __get_free_pages(GFP_KERNEL | __GFP_HIGHMEM, 1); // want highmem-address "__get_free_pages() returns an address, which a highmem page does not have"
	//                                   ^^^^^^^^^^^^^ highmem-address
}

static void *refused_exact(size_t len)
{
	return alloc_pages_exact(len, GFP_HIGHUSER); // want highmem-address "alloc_pages_exact()"
}
