//# kernel 6.1
// want nothing
#include <linux/sched/mm.h>
#include <linux/slab.h>

/* GFP_NOIO in a NOFS scope still says something */
static void *narrower(size_t size)
{
	unsigned int flags = memalloc_nofs_save();
	void *table = kzalloc(64, GFP_NOIO);

	memalloc_nofs_restore(flags);
	return table;
}

/* opened for the caller */
static unsigned int begin_critical(struct table *t)
{
	return memalloc_noio_save();
}
