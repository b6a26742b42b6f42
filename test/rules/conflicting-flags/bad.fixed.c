//# kernel 6.1
/* Firmware image cache of an imaginary network card. */
#include <linux/slab.h>
#include <linux/gfp.h>

struct image {
	struct list_head list;
	size_t len;
	u8 data[];
};

static struct image *image_new(size_t len)
{
	struct image *image;

	image = kzalloc(struct_size(image, data, len), GFP_ATOMIC); // want conflicting-flags "GFP_KERNEL and GFP_ATOMIC are both base masks"
	//                                             ^^^^^^^^^^^^^^^^^^^^^^^ conflicting-flags
	if (!image)
		return NULL;
	image->len = len;
	return image;
}

static struct image *image_new_in_transaction(size_t len)
{
	gfp_t gfp = GFP_NOFS; // want conflicting-flags "ORed together they are GFP_KERNEL"

	return kzalloc(sizeof(struct image) + len, gfp);
}

static void *image_scratch(size_t len)
{
	// want conflicting-flags "__GFP_NORETRY and __GFP_NOFAIL contradict each other"
	return kmalloc(len, GFP_KERNEL | __GFP_NOFAIL);
	//                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ conflicting-flags
}

static void *image_retry(size_t len, bool last)
{
	gfp_t gfp = GFP_NOIO | __GFP_RETRY_MAYFAIL;

	if (last)
		return kmalloc(len, gfp); // want conflicting-flags "__GFP_RETRY_MAYFAIL and __GFP_NOFAIL"
	return kmalloc(len, gfp);
}

static struct page *image_page(void)
{
	// want conflicting-flags "the second closes them and wins"
	return alloc_page(GFP_ATOMIC | __GFP_NOMEMALLOC);
}

static struct page *image_cache_page(void)
{
	return alloc_page(GFP_HIGHUSER_MOVABLE); // want conflicting-flags "one mobility type"
}

static void *image_urgent(size_t len)
{
	return kmalloc(len, GFP_KERNEL); // want conflicting-flags "this kernel warns and drops __GFP_ATOMIC"
}
