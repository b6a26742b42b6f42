//# kernel 6.12
/* Variables that the end of their scope frees. */
#include <linux/slab.h>

static int copy_large(const void *from, size_t len)
{
	char *text __free(kfree) = kvmalloc(len, GFP_KERNEL); // want free-mismatch "__free(kfree) cannot free text: it comes from kvmalloc(), which kvfree() frees"
	//                ^^^^^ free-mismatch

	if (!text)
		return -ENOMEM;
	memcpy(text, from, len);
	return 0;
}

static int copy_any(const void *from, size_t len)
{
	char *text __free(kvfree) = NULL;

	text = kmalloc(64, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	memcpy(text, from, len);
	return 0;
}

static int copy_managed(struct device *dev, const void *from, size_t len)
{
	char *text __free(kfree) = devm_kmalloc(dev, len, GFP_KERNEL); // want free-mismatch "it comes from devm_kmalloc(), and the device frees it again"

	if (!text)
		return -ENOMEM;
	memcpy(text, from, len);
	return 0;
}
