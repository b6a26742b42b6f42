// want nothing
#include <linux/crypto.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct device_data {
	struct device *dev;
	struct usb_device *udev;
	dma_addr_t dma;
};

/* A device reads it. */
static int send(struct device_data *d, const void *from, unsigned int n)
{
	void *buf = kmalloc_array(n, 512, GFP_KERNEL | __GFP_RETRY_MAYFAIL);

	if (!buf)
		return -ENOMEM;
	d->dma = dma_map_single(d->dev, buf, n * 512, DMA_TO_DEVICE);
	kfree(buf);
	return 0;
}

/* It ends in a scatterlist. */
static int digest(struct scatterlist *sg, size_t len)
{
	u8 *buf = kmalloc(len, GFP_KERNEL);

	if (!buf)
		return -ENOMEM;
	sg_init_one(sg, buf, len);
	kfree(buf);
	return 0;
}

/* Never more than a page. */
static int small(u8 n)
{
	u64 *v = kcalloc(n, sizeof(*v), GFP_KERNEL);

	if (!v)
		return -ENOMEM;
	v[0] = 1;
	kfree(v);
	return 0;
}

static int checked(size_t len)
{
	char *text;

	if (len > PAGE_SIZE)
		return -EINVAL;
	text = kmalloc(len, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	text[0] = 0;
	kfree(text);
	return 0;
}

/* The caller frees it. */
static u64 *table(unsigned int n)
{
	return kcalloc(n, sizeof(u64), GFP_KERNEL);
}

/* kvmalloc() does not fall back for a mask that cannot sleep. */
static int quick(unsigned int n)
{
	u64 *v = kcalloc(n, sizeof(*v), GFP_ATOMIC);

	if (!v)
		return -ENOMEM;
	v[0] = 1;
	kfree(v);
	return 0;
}

/* There is a fallback already. */
static void maybe(unsigned int n)
{
	u64 *v = kcalloc(n, sizeof(*v), GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);

	if (v)
		v[0] = 1;
	kfree(v);
}
