#include <linux/slab.h>
#include <linux/gfp.h>

static void *note_new(size_t len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_NOWARN); // want private-flag "use __GFP_NOWARN"
	//                               ^^^^^^^^^^^^^ private-flag
}

static void *note_number(size_t len)
{
	return kmalloc(len, 0xcc0); // want private-flag "0xcc0 as a mask"
	//                  ^^^^^ private-flag
}

static struct page *note_page(void)
{
	return alloc_page(GFP_KERNEL | 0x100u); // want private-flag "0x100u as a mask"
}
