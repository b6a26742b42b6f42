//# path include/linux/fixture.h
/* Architectures that give the struct another size may not use the function at all. */
#include <linux/slab.h>

struct machine {
	unsigned long pages[8192];
};

static inline struct machine *machine_alloc(void)
{
	return kzalloc(sizeof(struct machine), GFP_KERNEL); // want? costly-order "(order 4) on x86: above order 3"
}
