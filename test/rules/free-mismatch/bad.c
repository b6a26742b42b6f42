/* Tables of a device, freed by the wrong functions. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct table {
	u32 *slots;
	u32 *index;
	struct device *dev;
};

static int fill(const void __user *from, size_t len)
{
	char *buf = vmalloc(len);

	if (!buf)
		return -ENOMEM;
	if (copy_from_user(buf, from, len)) {
		kfree(buf); // want free-mismatch "kfree() cannot free buf: it comes from vmalloc(), which vfree() frees"
		return -EFAULT;
	}
	vfree(buf);
	return 0;
}

static int table_init(struct table *t, unsigned int n)
{
	u32 *slots = kvcalloc(n, sizeof(*slots), GFP_KERNEL);

	if (!slots)
		return -ENOMEM;
	t->slots = slots;
	t->index = devm_kzalloc(t->dev, 64, GFP_KERNEL);
	return t->index ? 0 : -ENOMEM;
}

static void table_exit(struct table *t)
{
	kfree(t->slots); // want free-mismatch "kfree() cannot free struct table.slots: it comes from kvcalloc()"
	kfree(t->index); // want free-mismatch "it comes from devm_kzalloc(), and the device frees it again"
}
