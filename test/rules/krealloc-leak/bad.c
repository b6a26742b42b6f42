#include <linux/slab.h>

struct log {
	char *text;
	size_t size;
};

static int log_grow(struct log *log)
{
	log->text = krealloc(log->text, log->size + 64, GFP_KERNEL); // want krealloc-leak "log->text = krealloc(log->text, …) loses the old memory"
	//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ krealloc-leak
	if (!log->text)
		return -ENOMEM;
	log->size += 64;
	return 0;
}

static int read_all(void)
{
	u32 *words = NULL;

	words = krealloc_array(words, 64, sizeof(*words), GFP_KERNEL); // want krealloc-leak "krealloc_array"
	if (!words)
		return -ENOMEM;
	kfree(words);
	return 0;
}
