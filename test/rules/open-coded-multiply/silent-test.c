//# path lib/test_fixture.c
// want nothing
/* Tests multiply what they have chosen themselves. */
#include <linux/slab.h>

static void *sizes(unsigned int count)
{
	return kmalloc(count * sizeof(u64), GFP_KERNEL);
}
