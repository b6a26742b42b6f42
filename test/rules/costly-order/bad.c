/* Capture buffers of a radio. */
#include <linux/gfp.h>
#include <linux/sizes.h>
#include <linux/slab.h>

struct sample {
	u32 i, q;
	u64 when;
};

static struct sample *capture_alloc(void)
{
	return kcalloc(4096, sizeof(struct sample), GFP_KERNEL); // want costly-order "kcalloc() of 64 KiB (sizeof(struct sample) = 16) needs 16 contiguous pages (order 4)"
	//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ costly-order
}

static void *capture_raw(size_t tail)
{
	return kmalloc(SZ_128K + tail, GFP_NOFS | __GFP_ACCOUNT); // want costly-order "at least 128 KiB"
}

static struct page *capture_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_ZERO, 5); // want costly-order "32 contiguous pages (order 5)"
}
