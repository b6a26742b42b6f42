// want nothing
#include <linux/slab.h>

struct record {
	int id;
};

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
