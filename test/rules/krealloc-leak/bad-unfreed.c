/* Nobody frees the member: with the result kept apart the old memory leaks all the same, so there is no safe fix. */
#include <linux/slab.h>

struct timings {
	u32 *rates;
	int count;
};

static int timings_load(struct timings *t, int more)
{
	t->rates = krealloc(t->rates, t->count + more, GFP_KERNEL); // want krealloc-leak "t->rates = krealloc(t->rates, …) loses the old memory"
	if (!t->rates)
		return -ENOMEM;
	t->count += more;
	return 0;
}
