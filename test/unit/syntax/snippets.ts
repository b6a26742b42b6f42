/** Made-up kernel code with much of what the parser must know; the property tests cut it to pieces. */
export const SNIPPETS: readonly string[] = [
  `#include <linux/slab.h>
#include "ring.h"
#define RING_FLAGS (GFP_KERNEL | __GFP_NOWARN)
#define ring_get(r, n) ({ typeof(n) __n = (n); (r)->slots[__n]; })

static DEFINE_MUTEX(ring_lock);

static int __init ring_setup(struct ring *r, const char __user *name, size_t len)
{
	struct slot *s __free(kfree) = kzalloc(sizeof(*s), GFP_KERNEL);
	unsigned long flags;
	int i, ret = -ENOMEM;

	if (!s)
		return ret;
	spin_lock_irqsave(&r->lock, flags);
	list_for_each_entry(s, &r->slots, node) {
		if (s->busy)
			continue;
		r->count += min_t(unsigned int, s->len, len);
	}
#ifdef CONFIG_RING_DEBUG
	if (r->debug) {
#else
	if (len > 3) {
#endif
		pr_debug(KERN_INFO "ring %p" PRIx64 "\\n", r);
	}
	spin_unlock_irqrestore(&r->lock, flags);
	switch (r->state) {
	case RING_A ... RING_B:
	case 7:
		ret = 0;
		break;
	default:
		goto out;
	}
	guard(mutex)(&ring_lock);
	scoped_guard(spinlock, &r->lock)
		r->owner = container_of(r, struct owner, ring);
	do {
		ret = (u8)-1 + (int)sizeof(struct ring) * 2;
	} while (--i > 0);
	asm volatile("mfence" : "=r" (ret) : "r" (len) : "memory");
out:
	return ret ?: (r->ops->start)(r);
}
`,
  `struct ring_ops {
	int (*start)(struct ring *r, gfp_t gfp);
	u8 kind:3, state:5;
	DECLARE_BITMAP(map, RING_MAX);
	union { u32 a; u64 b; } __packed;
	struct list_head node;
	void *data[];
} ____cacheline_aligned_in_smp;

static const struct ring_ops ops = {
	.start	= ring_start,
	.map	= { [0 ... 3] = 1, },
	state: 2,
};

SYSCALL_DEFINE3(ring, int, fd, const char __user *, name, size_t, len)
{
	return do_ring(fd, name, len);
}

MODULE_LICENSE("GPL");
EXPORT_SYMBOL_GPL(ring_start)
`,
  `#ifdef CONFIG_NUMA
static void *get(struct ring *r, int node)
#else
static void *get(struct ring *r)
#endif
{
	return wait_event_cmd(r->wait, r->done, unlock(r); n++, lock(r));
}

int old(a, b)
	int a;
	char *b;
{
	return _Generic(a, int: 1, default: 2) + __builtin_offsetof(struct ring, node);
}
`,
];
