//# kernel 6.1
/* Which mask takes the place of which, and where GFP_ATOMIC would not help. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#define TABLE_GFP GFP_KERNEL

static void masks(struct table *t, gfp_t more)
{
	spin_lock(&t->lock);
	t->a = kmalloc(8, GFP_ATOMIC | __GFP_NOWARN);		// want sleep-in-atomic
	t->b = kmalloc(8, GFP_ATOMIC | __GFP_ACCOUNT);			// want sleep-in-atomic
	t->c = kmalloc(8, GFP_ATOMIC);				// want sleep-in-atomic
	t->d = kmalloc(8, GFP_KERNEL | __GFP_NOFAIL);		// want sleep-in-atomic
	t->e = kmalloc(8, GFP_KERNEL & ~__GFP_IO);		// want sleep-in-atomic
	t->f = kmalloc(8, TABLE_GFP);				// want sleep-in-atomic
	t->g = kmalloc(8, GFP_KERNEL | more);			// want sleep-in-atomic
	spin_unlock(&t->lock);
}

static void allocators(struct table *t, size_t size)
{
	spin_lock(&t->lock);
	t->a = kvmalloc(size, GFP_KERNEL);			// want sleep-in-atomic "kvmalloc() with GFP_KERNEL may sleep"
	t->b = __vmalloc(size, GFP_KERNEL);			// want sleep-in-atomic "__vmalloc() with GFP_KERNEL may sleep"
	t->c = vmalloc(size);					// want sleep-in-atomic "vmalloc() may sleep"
	spin_unlock(&t->lock);
}

/* Only who waits for an element of a pool gets one for sure: what bio_alloc() returns is not checked. */
static void pools(struct table *t)
{
	spin_lock(&t->lock);
	t->a = bio_alloc(t->bdev, 1, 0, GFP_NOIO);		// want sleep-in-atomic "bio_alloc() with GFP_NOIO may sleep"
	t->b = mempool_alloc(t->pool, GFP_ATOMIC);		// want sleep-in-atomic "mempool_alloc() with GFP_KERNEL may sleep"
	spin_unlock(&t->lock);
}

/* They wait for a transfer or a bio, whatever mask their buffers are allocated with. */
static void waiting(struct table *t)
{
	spin_lock(&t->lock);
	usb_control_msg_send(t->udev, 0, 1, 2, 3, 4, t->a, 8, 100, GFP_KERNEL);	// want sleep-in-atomic "usb_control_msg_send() may sleep whatever its mask"
	usb_control_msg_recv(t->udev, 0, 1, 2, 3, 4, t->a, 8, 100, GFP_ATOMIC);	// want sleep-in-atomic "usb_control_msg_recv() may sleep whatever its mask"
	blkdev_issue_discard(t->bdev, 0, 8, GFP_NOFS);				// want sleep-in-atomic "blkdev_issue_discard() may sleep whatever its mask"
	spin_unlock(&t->lock);
}
