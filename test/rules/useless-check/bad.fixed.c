#include <linux/slab.h>

struct record {
	int id;
};

static int record_add(int id)
{
	struct record *r;

	r = kmalloc(sizeof(*r), GFP_NOFS); // want redundant-flag "contradicts the NULL check"
	if (!r) // want useless-check "r cannot be NULL: kmalloc() has __GFP_NOFAIL"
	//   ^ useless-check
		return -ENOMEM;
	r->id = id;
	kfree(r);
	return 0;
}

static int record_copy(struct kmem_cache *cache)
{
	struct record *r = kmem_cache_alloc(cache, GFP_KERNEL); // want redundant-flag "contradicts the NULL check"

	if (r == NULL) // want useless-check "kmem_cache_alloc()"
		return -ENOMEM;
	kmem_cache_free(cache, r);
	return 0;
}
