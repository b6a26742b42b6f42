// want nothing
#include <linux/mm.h>
#include <linux/slab.h>

static int histogram(const u8 *data, size_t len)
{
	u32 *bins = kvcalloc(8192, sizeof(*bins), GFP_KERNEL);

	if (!bins)
		return -ENOMEM;
	while (len--)
		bins[data[len]]++;
	kvfree(bins);
	return 0;
}
