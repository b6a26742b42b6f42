// want nothing
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>

static void *scratch(void)
{
	struct page *page = alloc_page(GFP_USER);

	if (!page)
		return NULL;
	return page_address(page);
}

static void fill(const void *from)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	void *to;

	if (!page)
		return;
	to = kmap_local_page(page);
	memcpy(to, from, PAGE_SIZE);
	kunmap_local(to);
	__free_page(page);
}
