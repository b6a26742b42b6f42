/* Frame buffers of a capture card that reaches 32 bits. */
#include <linux/gfp.h>
#include <linux/mm.h>

static struct page *frame_page(void)
{
	return alloc_page(GFP_USER | GFP_DMA32); // want zone-conflict "__GFP_HIGHMEM and __GFP_DMA32 ask for different zones (from GFP_HIGHUSER and GFP_DMA32)"
	//                ^^^^^^^^^^^^^^^^^^^^^^^^ zone-conflict
}

static unsigned long frame_table(void)
{
	gfp_t gfp = GFP_KERNEL | GFP_DMA;

	return __get_free_page(gfp); // want zone-conflict "__GFP_DMA and __GFP_DMA32"
	//                           ^^^^^^^^^^^ zone-conflict
}
