// want nothing
#include <linux/sched/mm.h>
#include <linux/slab.h>

static void *load_table(size_t size)
{
	unsigned int flags = memalloc_nofs_save();
	void *table = kzalloc(64, GFP_KERNEL);

	memalloc_nofs_restore(flags);
	return table;
}
