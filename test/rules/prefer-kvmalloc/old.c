//# kernel 5.4
// want nothing
#include <linux/slab.h>

/* In this release kvmalloc() falls back only for masks that have all of GFP_KERNEL. */
static int histogram(const u8 *data, size_t len)
{
	u32 *bins = kcalloc(8192, sizeof(*bins), GFP_NOFS);

	if (!bins)
		return -ENOMEM;
	while (len--)
		bins[data[len]]++;
	kfree(bins);
	return 0;
}
