//# path arch/arm64/mm/silent.c
// want nothing
#include <linux/gfp.h>
#include <linux/mm.h>

static void *scratch(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	return page ? page_address(page) : NULL;
}
