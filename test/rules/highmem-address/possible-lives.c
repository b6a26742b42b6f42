/* The pointer may hold another page by then. */
#include <linux/gfp.h>
#include <linux/mm.h>

static void *one_of_two(struct page *spare)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		page = spare;
	return page_address(page); // want? highmem-address "page_address() has no address"
}

static void *replaced(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		return NULL;
	replace_page(&page);
	return page_address(page); // want? highmem-address "page_address() has no address"
}

static void *of_both_kinds(bool low)
{
	struct page *page = NULL;

	if (low)
		page = alloc_page(GFP_KERNEL);
	else
		page = alloc_page(GFP_HIGHUSER);
	if (!page)
		return NULL;
	return page_address(page); // want? highmem-address "page_address() has no address"
}

static void *set_to_null_first(void)
{
	struct page *page = NULL;

	page = alloc_page(GFP_HIGHUSER);
	if (!page)
		return NULL;
	return page_address(page); // want highmem-address "page_address() has no address"
}
