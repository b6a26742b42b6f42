//# path drivers/media/platform/ti/omap3isp/fixture.c
/* Pointers have 32 bits wherever this is built. */
#include <linux/slab.h>

struct isp {
	void *buffers[6000];
};

struct large_isp {
	void *buffers[9000];
};

static struct isp *isp_new(void)
{
	return kzalloc(sizeof(struct isp), GFP_KERNEL);
}

static struct large_isp *large_isp_new(void)
{
	return kzalloc(sizeof(struct large_isp), GFP_KERNEL); // want costly-order "of 35.2 KiB (sizeof(struct large_isp) = 36000)"
}
