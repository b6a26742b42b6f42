//# kernel 6.12.0
/* What is said of a size of which only a part is known. */
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct queue {
	u64 counters[100];
	u64 last;
	u32 id, depth;
	void *ring;
	u8 tag[8];
};

struct request {
	u32 count;
	u32 bytes;
};

static void *of_unknown_elements(void __user *arg)
{
	struct request r;

	if (copy_from_user(&r, arg, sizeof(r)))
		return NULL;
	return kcalloc(r.count, vendor_entry_size(), GFP_KERNEL); // want costly-order "kcalloc() of r.count elements: order 4 above 32 KiB, which user space may ask for"
}

static void *of_single_bytes(void __user *arg)
{
	struct request r;

	if (copy_from_user(&r, arg, sizeof(r)))
		return NULL;
	return kmalloc(r.bytes, GFP_KERNEL); // want costly-order "kmalloc() of r.bytes bytes: order 4 above 32 KiB, which user space may ask for"
}

static void *of_pages(void __user *arg)
{
	struct request r;

	if (copy_from_user(&r, arg, sizeof(r)))
		return NULL;
	return alloc_pages_exact(r.bytes, GFP_KERNEL); // want costly-order "alloc_pages_exact() of r.bytes bytes: order 4 above 32 KiB"
}

static struct queue *where_nothing_says_so(u32 count)
{
	return kcalloc(count, sizeof(struct queue), GFP_KERNEL); // want? costly-order "832 bytes × count: order 4 from count = 40, where it may fail although memory is free"
}

/* 1,024 elements are plausible, 1,025 are not */
static u32 *small_elements(u32 count)
{
	return kcalloc(count, 32, GFP_KERNEL);
}
