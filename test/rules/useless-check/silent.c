// want nothing
#include <linux/slab.h>

struct record {
	int id;
};

/* An overflow of the product gives NULL whatever the mask says. */
static int records(unsigned int n)
{
	u64 *v = kmalloc_array(n, sizeof(*v), GFP_KERNEL | __GFP_NOFAIL | __GFP_NOWARN);

	pr_debug("%u records\n", n);
	if (!v)
		return -ENOMEM;
	kfree(v);
	return 0;
}

/* It can also come from somewhere else. */
static int either(struct record *given)
{
	struct record *r = given;

	if (!given)
		r = kmalloc(sizeof(*r), GFP_KERNEL | __GFP_NOFAIL);
	if (!r)
		return -ENOMEM;
	r->id = 1;
	return 0;
}

static int may_fail(void)
{
	struct record *r = kmalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	kfree(r);
	return 0;
}
