// want nothing
#include <linux/slab.h>
#include <linux/device.h>

struct slot {
	int id;
};

static struct slot *slot_table(unsigned int count)
{
	return kcalloc(count, sizeof(struct slot), GFP_KERNEL);
}

static struct slot *slot_managed(struct device *dev)
{
	return devm_kcalloc(dev, 4, sizeof(struct slot), GFP_KERNEL);
}
