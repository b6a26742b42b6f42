// want nothing
#include <linux/slab.h>

struct log {
	char *text;
	size_t size;
};

static int log_grow(struct log *log)
{
	char *text = krealloc(log->text, log->size + 64, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	log->text = text;
	log->size += 64;
	return 0;
}
