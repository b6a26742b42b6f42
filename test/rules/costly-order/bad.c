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

/* The list head in front of managed memory needs another block. */
static void *capture_managed(struct device *dev)
{
	return devm_kzalloc(dev, SZ_64K, GFP_KERNEL); // want costly-order "64 KiB and its header (SZ_64K = 65536) needs 32 contiguous pages (order 5)"
}

static void *capture_just_fits(struct device *dev)
{
	return devm_kzalloc(dev, SZ_32K, GFP_KERNEL); // want costly-order "32 KiB and its header (SZ_32K = 32768) needs 16 contiguous pages (order 4)"
}

static void *capture_one_more(void)
{
	return kmalloc(SZ_64K + sizeof(struct sample), GFP_KERNEL); // want costly-order "kmalloc() of 64 KiB + 16 bytes (SZ_64K = 65536, sizeof(struct sample) = 16) needs 32"
}

struct recorder {
	void *buffer;
	u32 bytes;
};

static int capture_member(struct recorder *recorder)
{
	recorder->bytes = SZ_256K;
	recorder->buffer = kmalloc(recorder->bytes, GFP_KERNEL); // want costly-order "256 KiB (recorder->bytes = 262144 here)"  // want? prefer-kvmalloc
	return recorder->buffer ? 0 : -ENOMEM;
}

/* An upper bound does not explain the least size. */
static void *capture_tail(u8 tail)
{
	return kmalloc(SZ_128K + tail, GFP_KERNEL); // want costly-order "at least 128 KiB (SZ_128K = 131072) needs"
}
