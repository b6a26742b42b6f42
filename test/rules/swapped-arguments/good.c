// want nothing
#include <linux/slab.h>
#include <linux/gfp.h>
#include <linux/usb.h>

struct session {
	int id;
	gfp_t gfp;
};

static struct session *session_new(void)
{
	return kzalloc(sizeof(struct session), GFP_KERNEL);
}

static struct page *session_page(void)
{
	return alloc_pages(GFP_KERNEL, 0);
}

static struct urb *session_urb(void)
{
	return usb_alloc_urb(0, GFP_ATOMIC);
}
