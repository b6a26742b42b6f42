//# kernel 6.1
#include <linux/slab.h>

/* one mask of the function knows what the other does not */
static int write_map(struct ubi_device *ubi)
{
	void *a = kmalloc(64, GFP_NOFS);
	void *b = kmalloc(64, GFP_NOFS);	// want? reclaim-recursion "does without __GFP_FS in the same context"

	kfree(a);
	kfree(b);
	return 0;
}
