// want nothing
#include <linux/device.h>
#include <linux/slab.h>

struct log {
	struct device *dev;
	char *text;
};

/* The device still frees the old block. */
static int managed(struct log *log, size_t size)
{
	log->text = devm_krealloc(log->dev, log->text, size, GFP_KERNEL);
	return log->text ? 0 : -ENOMEM;
}

/* Cannot fail, or only the caller knows. */
static void never(struct log *log, gfp_t gfp)
{
	log->text = krealloc(log->text, 64, GFP_KERNEL | __GFP_NOFAIL);
	log->text = krealloc(log->text, 128, gfp);
}
