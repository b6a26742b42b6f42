//# kernel 7.0
// want nothing
/* Integers, buffers, and pointers of another type. */
#include <linux/slab.h>
#include <linux/device.h>

struct port {
	int number;
};

static void *any(void)
{
	void *p = kmalloc(sizeof(struct port), GFP_KERNEL);

	return p;
}

static u32 *number(void)
{
	u32 *n = kmalloc(sizeof(*n), GFP_KERNEL);

	return n;
}

static char *text(size_t len)
{
	char *t = kmalloc(len + sizeof(struct port), GFP_KERNEL);

	return t;
}

static struct port *managed(struct device *dev)
{
	struct port *p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);

	return p;
}

static struct port *node(int nid)
{
	struct port *p = kzalloc_node(sizeof(*p), GFP_KERNEL, nid);

	return p;
}
