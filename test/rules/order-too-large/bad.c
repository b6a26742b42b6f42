/* Trace memory of a bus analyser. */
#include <linux/gfp.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#define TRACE_ENTRIES (256 * 1024)

struct trace_entry {
	u64 when;
	u32 address;
	u32 data;
	u8 lanes[16];
};

static struct trace_entry *trace_alloc(void)
{
	return kcalloc(TRACE_ENTRIES, sizeof(struct trace_entry), GFP_KERNEL); // want order-too-large "of 8 MiB can never succeed"
	//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ order-too-large
}

static struct page *trace_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOWARN, 12); // want order-too-large "order 12 can never succeed: the largest contiguous block is order 10"
}

static void *trace_window(size_t extra)
{
	return kmalloc(SZ_8M + extra, GFP_KERNEL); // want order-too-large "at least 8 MiB"
}
