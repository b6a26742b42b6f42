// want nothing
#include <linux/device.h>
#include <linux/slab.h>

struct domain {
	int id;
	char *name;
};

static int domain_add(struct device *dev, int id)
{
	struct domain *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOMEM;
	d->id = id;
	d->name = devm_kasprintf(dev, GFP_KERNEL, "domain%d", id);
	if (!d->name)
		return -ENOMEM;
	return 0;
}
