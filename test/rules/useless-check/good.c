// want nothing
#include <linux/mempool.h>

struct record {
	int id;
};

static int record_add(mempool_t *pool, int id)
{
	struct record *r;

	r = mempool_alloc(pool, GFP_NOIO);
	r->id = id;
	mempool_free(r, pool);
	return 0;
}
