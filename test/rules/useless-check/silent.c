// want nothing
#include <linux/mempool.h>
#include <linux/slab.h>

struct record {
	int id;
};

/* It can also come from somewhere else. */
static int either(mempool_t *pool, struct record *given)
{
	struct record *r = given;

	if (!given)
		r = mempool_alloc(pool, GFP_KERNEL);
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

/* Without reclaim a pool gives up when its reserve is used up. */
static int may_not_wait(mempool_t *pool)
{
	struct record *r = mempool_alloc(pool, GFP_ATOMIC);

	if (!r)
		return -ENOMEM;
	mempool_free(r, pool);
	return 0;
}

static int from_caller(mempool_t *pool, gfp_t gfp)
{
	struct record *r = mempool_alloc(pool, gfp);

	if (!r)
		return -ENOMEM;
	mempool_free(r, pool);
	return 0;
}

/* The bio comes from a pool, the copy of its integrity data may not. */
static int clone(struct block_device *bdev, struct bio *bio, struct bio_set *bs)
{
	struct bio *copy = bio_alloc_clone(bdev, bio, GFP_NOIO, bs);

	if (!copy)
		return -ENOMEM;
	submit_bio(copy);
	return 0;
}
