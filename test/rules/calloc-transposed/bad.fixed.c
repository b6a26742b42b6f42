//# kernel 6.1
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/bpf.h>
#include <linux/device.h>

struct slot {
	int id;
};

struct map {
	struct bpf_map map;
	struct slot *slots;
};

static struct slot *slot_table(unsigned int count)
{
	return kcalloc(count, sizeof(struct slot), GFP_KERNEL); // want calloc-transposed "sizeof(struct slot) is passed as the count of kcalloc(), count as the element size"
	//             ^^^^^^^^^^^^^^^^^^^ calloc-transposed
}

static struct slot *slot_managed(struct device *dev)
{
	return devm_kcalloc(dev, 4, sizeof(struct slot), GFP_KERNEL); // want calloc-transposed
}

static void *slot_pairs(void)
{
	return kmalloc_array(16, sizeof(struct slot) + sizeof(u32), GFP_KERNEL); // want calloc-transposed
}

static int slot_map(struct map *map, unsigned int count)
{
	map->slots = bpf_map_kvcalloc(&map->map, count, sizeof(*map->slots), GFP_USER | __GFP_NOWARN); // want calloc-transposed "bpf_map_kvcalloc()"
	return map->slots ? 0 : -ENOMEM;
}
