//# kernel 6.12.0
/* Products at the bound of size_t, and how their factors are written. */
#include <linux/slab.h>

struct narrow {
	char bytes[65537];
};

struct wide {
	char bytes[65538];
};

#define ROWS 3

static void *just_fits(u16 count)
{
	return kmalloc(count * sizeof(struct narrow), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}

static void *just_does_not(u16 count)
{
	return kmalloc(count * sizeof(struct wide), GFP_KERNEL | __GFP_RETRY_MAYFAIL); // want open-coded-multiply "kmalloc_array() does"
}

static void *several_constants(unsigned int count)
{
	return kmalloc(count * (ROWS + 1) * sizeof(u32), GFP_KERNEL); // want open-coded-multiply
}

static void *one_constant(unsigned int count)
{
	return kmalloc(count * (ROWS + 1), GFP_KERNEL); // want open-coded-multiply
}
