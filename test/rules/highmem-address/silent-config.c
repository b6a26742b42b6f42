//# config CONFIG_64BIT=y
//# config CONFIG_MMU=y
// want nothing
#include <linux/gfp.h>
#include <linux/mm.h>

static void *scratch(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);

	return page ? page_address(page) : NULL;
}
