/* A histogram that only the CPU looks at. */
#include <linux/slab.h>

struct bins {
	u32 hits[4096];
};

struct meter {
	struct bins *bins;
	u64 *marks;
	unsigned int count;
};

static int histogram(const u8 *data, size_t len, u32 *out)
{
	u32 *bins = kcalloc(16384, sizeof(*bins), GFP_KERNEL | __GFP_RETRY_MAYFAIL); // want prefer-kvmalloc "64 KiB of contiguous memory, which only the CPU uses"
	//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ prefer-kvmalloc
	size_t i;

	if (!bins)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		bins[data[i]]++;
	if (bins[0] == len) {
		kfree(bins);
		return -ENODATA;
	}
	memcpy(out, bins, 16384 * sizeof(*bins));
	kfree(bins);
	return 0;
}

static int meter_init(struct meter *meter, unsigned int count)
{
	meter->marks = kcalloc(count, sizeof(*meter->marks), GFP_KERNEL_ACCOUNT); // want? prefer-kvmalloc "contiguous memory for count elements"
	if (!meter->marks)
		return -ENOMEM;
	meter->count = count;
	return 0;
}

static void meter_exit(struct meter *meter)
{
	kfree(meter->marks);
	meter->marks = NULL;
}

/* Somebody else will free it: no fix, but worth a look. */
static int records_load(struct records *r, unsigned int count)
{
	r->all = kcalloc(count, sizeof(*r->all), GFP_KERNEL); // want? prefer-kvmalloc "contiguous memory for count elements: kvcalloc() falls back"
	return r->all ? 0 : -ENOMEM;
}
