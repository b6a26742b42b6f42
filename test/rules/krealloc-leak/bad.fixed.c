#include <linux/slab.h>

struct log {
	char *text;
	size_t size;
};

static int log_grow(struct log *log)
{
	void *new_text;

	new_text = krealloc(log->text, log->size + 64, GFP_KERNEL); // want krealloc-leak "log->text = krealloc(log->text, …) loses the old memory"
	//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ krealloc-leak
	if (!new_text)
		return -ENOMEM;
	log->text = new_text;
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

static int log_grow_later(struct log *log, size_t more)
{
	size_t size = log->size + more;
	int new_text = 0;

	if (more) {
		void *new_text_;

		// want krealloc-leak
		new_text_ = krealloc(log->text, size, GFP_KERNEL);
		if (!new_text_) {
			pr_err("no memory\n");
			return -ENOMEM;
		}
		log->text = new_text_;
	}
	log->size = size;
	return new_text;
}

static int log_grow_unchecked(struct log *log, size_t more)
{
	log->text = krealloc(log->text, more, GFP_KERNEL); // want krealloc-leak
	log->size = more;
	return log->text ? 0 : -ENOMEM;
}

static int log_grow_over_lines(struct log *log, size_t more)
{
	void *new_text;

	/* The continuation stands under the first argument afterwards, too. */
	// want krealloc-leak
	new_text = krealloc_array(log->text, more + log->size,
				  sizeof(*log->text), GFP_KERNEL | __GFP_ZERO);
	if (!new_text)
		return -ENOMEM;
	log->text = new_text;
	return 0;
}

static void log_free(struct log *log)
{
	kfree(log->text);
	kfree(log);
}
