// want nothing
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>

static void *mapped(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page)
		return NULL;
	kmap(page);
	return page_address(page);
}

static void *low_only(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	if (!page || PageHighMem(page))
		return NULL;
	return page_address(page);
}

static void *from_caller(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	return page ? page_address(page) : NULL;
}
