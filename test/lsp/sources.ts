/** Small kernel-like sources with one known mistake each. */

export const SLEEPS = `#include <linux/slab.h>
#include <linux/spinlock.h>

struct ring {
	spinlock_t lock;
	void *buf;
};

static int refill(struct ring *ring)
{
	spin_lock(&ring->lock);
	ring->buf = kmalloc(64, GFP_KERNEL);
	spin_unlock(&ring->lock);
	return ring->buf ? 0 : -ENOMEM;
}
`;

export const QUIET = `#include <linux/slab.h>

static void *copy(const void *from, size_t length, gfp_t gfp)
{
	void *to = kmalloc(length, gfp | __GFP_NOWARN);

	if (to)
		memcpy(to, from, length);
	return to;
}
`;

/** \`||\` where \`|\` was meant: a mistake with a safe fix. */
export const LOGICAL = `#include <linux/slab.h>

static void *grab(void)
{
	return kmalloc(64, GFP_KERNEL || __GFP_NOWARN);
}

static void *other(void)
{
	return kmalloc(128, GFP_NOFS || __GFP_NOWARN);
}
`;
