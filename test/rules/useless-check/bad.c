//# kernel 6.1
#include <linux/bio.h>
#include <linux/mempool.h>

struct record {
	int id;
};

static int record_add(mempool_t *pool, int id)
{
	struct record *r;

	r = mempool_alloc(pool, GFP_NOIO);
	if (!r) // want useless-check "r cannot be NULL: mempool_alloc() waits"
	//   ^ useless-check
		return -ENOMEM;
	r->id = id;
	mempool_free(r, pool);
	return 0;
}

static int record_write(struct block_device *bdev)
{
	struct bio *bio = bio_alloc(bdev, 1, REQ_OP_WRITE, GFP_KERNEL);

	if (bio == NULL) // want useless-check "bio_alloc()"
		return -ENOMEM;
	bio_put(bio);
	return 0;
}
