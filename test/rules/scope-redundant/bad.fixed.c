//# kernel 6.1
#include <linux/sched/mm.h>
#include <linux/slab.h>

static void *load_table(size_t size)
{
	unsigned int flags = memalloc_nofs_save();
	void *table = kzalloc(64, GFP_KERNEL);	// want scope-redundant "memalloc_nofs_save() already takes __GFP_FS away"
	//                        ^^^^^^^^ scope-redundant

	memalloc_nofs_restore(flags);
	return table;
}

static int leaves_open(struct table *t)
{
	unsigned int flags = memalloc_noio_save();	// want scope-redundant "memalloc_noio_restore() is missing"

	if (!t->ready)
		return -EAGAIN;
	t->a = kmalloc(8, GFP_KERNEL);
	memalloc_noio_restore(flags);
	return 0;
}
