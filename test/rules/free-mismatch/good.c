// want nothing
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct table {
	u32 *slots;
	u32 *map;
};

static int table_init(struct table *t, unsigned int n)
{
	t->slots = kvcalloc(n, sizeof(*t->slots), GFP_KERNEL);
	t->map = vmalloc(n);
	return t->slots && t->map ? 0 : -ENOMEM;
}

static void table_exit(struct table *t)
{
	kvfree(t->slots);
	vfree(t->map);
}
