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
	return kcalloc(sizeof(struct slot), count, GFP_KERNEL); // want calloc-transposed "sizeof(struct slot) is passed as the count of kcalloc(), count as the element size"
	//             ^^^^^^^^^^^^^^^^^^^ calloc-transposed
}

static struct slot *slot_managed(struct device *dev)
{
	return devm_kcalloc(dev, sizeof(struct slot), 4, GFP_KERNEL); // want calloc-transposed
}

static void *slot_pairs(void)
{
	return kmalloc_array(sizeof(struct slot) + sizeof(u32), 16, GFP_KERNEL); // want calloc-transposed
}

static int slot_map(struct map *map, unsigned int count)
{
	map->slots = bpf_map_kvcalloc(&map->map, sizeof(*map->slots), count, GFP_USER | __GFP_NOWARN); // want calloc-transposed "bpf_map_kvcalloc()"
	return map->slots ? 0 : -ENOMEM;
}
