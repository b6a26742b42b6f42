// want nothing
/* Calculations, and sizes in both places. */
#include <linux/slab.h>

struct slot {
	int id;
};

static void *slot_bits(void)
{
	return kcalloc(sizeof(struct slot) * 8, 1, GFP_KERNEL);
}

static void *slot_bytes(void)
{
	return kcalloc(sizeof(struct slot), sizeof(u32), GFP_KERNEL);
}

static void *slot_words(unsigned int n, unsigned int size)
{
	return kcalloc(size, n, GFP_KERNEL);
}
