// want nothing
#include <linux/slab.h>
#include <linux/overflow.h>

struct slot {
	u32 id;
	u32 key;
};

struct table {
	unsigned int used;
	struct slot slots[];
};

static struct slot *slots_new(unsigned int count)
{
	return kmalloc_array(count, sizeof(struct slot), GFP_KERNEL);
}

static void *slots_sized(unsigned int count)
{
	return kmalloc(array_size(count, sizeof(struct slot)), GFP_KERNEL);
}

static struct table *table_new(unsigned int count)
{
	struct table *t = kzalloc(struct_size(t, slots, count), GFP_KERNEL);

	return t;
}
