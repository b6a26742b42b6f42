#include <linux/slab.h>
#include <linux/gfp.h>
#include <linux/usb.h>
#include <linux/vmalloc.h>

struct session {
	int id;
	char name[32];
};

static struct session *session_new(void)
{
	return kzalloc(sizeof(struct session), GFP_KERNEL); // want swapped-arguments "GFP_KERNEL is passed as the size of kzalloc(), and a size as the mask"
	//             ^^^^^^^^^^ swapped-arguments
}

static struct page *session_pages(unsigned int order)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOWARN, order); // want swapped-arguments "as the order of alloc_pages(), and order as the mask"
}

static struct urb *session_urb(void)
{
	return usb_alloc_urb(0, GFP_ATOMIC); // want swapped-arguments "GFP_ATOMIC is passed as argument 1"
}

static void *session_log(void)
{
	return vmalloc(GFP_KERNEL); // want swapped-arguments "which takes no mask"
}

static struct session *session_table(unsigned int count, size_t size)
{
	return kcalloc(count, size, sizeof(struct session)); // want swapped-arguments "sizeof(struct session) is passed as the mask"
}

static void *buffer_of(struct session *s, size_t len, gfp_t gfp)
{
	return kmalloc(sizeof(*s) + min_t(size_t, len, 64), gfp);
}

static void *buffer_swapped(struct session *s)
{
	return buffer_of(s, 16, GFP_ATOMIC); // want swapped-arguments "GFP_ATOMIC is passed as argument 2 of buffer_of(), and a size as the mask"
}
