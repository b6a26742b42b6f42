#include <linux/mutex.h>
#include <linux/slab.h>

static int submit(struct backend *backend)
{
	backend->pages = kmalloc(512, GFP_NOIO);
	return backend->pages ? 0 : -ENOMEM;
}

// What writes for others does without I/O, here as well.
static int queue_unmap(struct backend *backend, size_t bytes)
{
	int ret = 0;

	mutex_lock(&backend->lock);
	backend->command = kzalloc(bytes, GFP_NOIO); // want needless-atomic "backend->lock is held"
	if (!backend->command)
		ret = -ENOMEM;
	mutex_unlock(&backend->lock);
	return ret;
}
