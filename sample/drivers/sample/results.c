// SPDX-License-Identifier: MIT
/*
 * What is done with the result: it may be NULL, and it is as large as was
 * asked for.
 */
#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/slab.h>

struct sample_log {
	char *text;
	size_t size;
};

/* sizeof-pointer: the `*` is missing, this makes room for eight bytes. */
static struct sample_log *sample_log_new(void)
{
	struct sample_log *log = kzalloc(sizeof(log), GFP_KERNEL);

	return log;
}

/* unchecked-allocation: without memory the result is NULL. */
static struct sample_log *sample_log_unchecked(size_t size)
{
	struct sample_log *log = kzalloc(sizeof(*log), GFP_KERNEL);

	log->size = size;
	return log;
}

/* redundant-flag: with __GFP_NOFAIL the error path is dead code. */
static int sample_log_sure(size_t size)
{
	struct sample_log *log = kmalloc(sizeof(*log), GFP_KERNEL | __GFP_NOFAIL);

	if (!log)
		return -ENOMEM;
	log->size = size;
	kfree(log);
	return 0;
}

/* useless-check: a pool waits for one of its own elements when it may sleep. */
static int sample_log_pooled(mempool_t *pool, size_t size)
{
	struct sample_log *log = mempool_alloc(pool, GFP_NOIO);

	if (!log)
		return -ENOMEM;
	log->size = size;
	mempool_free(log, pool);
	return 0;
}

/* krealloc-leak: when krealloc() fails, the old text is lost. */
static int sample_log_grow(struct sample_log *log)
{
	log->text = krealloc(log->text, log->size * 2, GFP_KERNEL);
	if (!log->text)
		return -ENOMEM;
	log->size *= 2;
	return 0;
}

/* Right: the old pointer is kept until the new one is good. */
static int sample_log_append(struct sample_log *log)
{
	char *text = krealloc(log->text, log->size + 64, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	log->text = text;
	log->size += 64;
	return 0;
}
