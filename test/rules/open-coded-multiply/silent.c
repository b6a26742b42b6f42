// want nothing
/* Products that stay small, whatever the variables hold. */
#include <linux/slab.h>
#include <linux/cpumask.h>
#include <linux/vmalloc.h>

#define RINGS 16

enum { LEVELS = 4 };

struct slot {
	u32 id;
	u32 key;
};

struct header {
	u32 magic;
};

static void *constants(void)
{
	return kmalloc(RINGS * LEVELS * sizeof(struct slot), GFP_KERNEL);
}

static void *unknown_constants(void)
{
	return kmalloc(MAX_ELSEWHERE * sizeof(struct elsewhere), GFP_KERNEL);
}

static void *by_type(u8 rings, u16 slots)
{
	return kmalloc(rings * slots * sizeof(struct slot), GFP_KERNEL);
}

static void *of_unknown_type(u8 rings)
{
	return kmalloc(rings * sizeof(struct elsewhere), GFP_KERNEL);
}

static void *by_test(unsigned int count)
{
	if (count > 64)
		return NULL;
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL);
}

static void *by_clamp(unsigned int count)
{
	count = min(count, 1024u);
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL);
}

static void *per_cpu_slots(void)
{
	return kmalloc(nr_cpu_ids * sizeof(struct slot), GFP_KERNEL);
}

static void *by_mask(unsigned int mode)
{
	return kmalloc((mode & 0xff) * sizeof(struct slot), GFP_KERNEL);
}

static void *pointed(const unsigned int *size)
{
	return kmalloc(*size, GFP_KERNEL);
}

static void *without_array_member(unsigned int count)
{
	struct header *h = kmalloc(sizeof(*h) + count, GFP_KERNEL);

	return h;
}

static void *twice_as_long(size_t len)
{
	return memdup_user_twice(kmalloc(len * 2, GFP_KERNEL | __GFP_NOWARN));
}

static void *bits(unsigned int count)
{
	return kmalloc(BITS_TO_LONGS(count) * sizeof(long), GFP_KERNEL | __GFP_NOWARN);
}

struct message {
	int head;
	u8 body[];
};

// A number of bytes is no product.
static void *of_bytes(int length)
{
	struct message *message = kmalloc(sizeof(*message) + length * sizeof(u8), GFP_KERNEL);

	return message;
}

static const struct slot written_by_macros[] = {
	RING_SLOT(0), RING_SLOTS(1, 7),
};

static void *by_table(bool all)
{
	int count = ARRAY_SIZE(written_by_macros);

	return kzalloc(sizeof(struct header) + count * sizeof(struct slot), GFP_KERNEL);
}

static void *by_chance(void)
{
	unsigned int pages = get_random_u32_inclusive(1, 100);

	return vmalloc((pages + get_random_u32_below(8)) * PAGE_SIZE);
}

static void *by_quotient(unsigned int count)
{
	if (count > UINT_MAX / sizeof(struct slot))
		return NULL;
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL);
}

static void *by_quotient_of_the_rest(size_t have, size_t more)
{
	if (more > min_t(unsigned long, ULONG_MAX / sizeof(u64), SIZE_MAX / sizeof(struct slot)) - have)
		return NULL;
	return kmalloc((have + more) * sizeof(struct slot), GFP_KERNEL);
}

static void *by_bits(void)
{
	unsigned int wired = ring_read_wired();

	wired &= 0xffff;
	return kmalloc(wired * sizeof(struct slot), GFP_KERNEL);
}

static void *parts(bool kernel, bool root)
{
	int parts = 0;

	if (kernel)
		parts++;
	if (root)
		parts++;
	return kzalloc(sizeof(struct slot) * parts + 10 * parts, GFP_KERNEL);
}

static void *by_callers(int resources)
{
	return kzalloc(sizeof(struct header) + resources * sizeof(struct slot), GFP_KERNEL);
}

static void *usb(void)
{
	return by_callers(3);
}

static void *serial(bool second)
{
	return by_callers(second ? 2 : 1);
}

struct frames {
	unsigned int frame_size;
};

static void set_frames(struct frames *frames, u32 flags)
{
	frames->frame_size = flags & 1 ? sizeof(struct slot) : sizeof(u32);
}

static void *by_stores(struct frames *frames, unsigned int count)
{
	if (count > 256)
		return NULL;
	return kmalloc(count * frames->frame_size, GFP_KERNEL);
}

struct torture {
	int polls;
};

static const struct torture tortures[] = {
	{ .polls = 64 },
	{ .polls = 2 * RINGS },
};

static void *by_table_of_structs(const struct torture *torture)
{
	return kzalloc(torture->polls * sizeof(u64), GFP_KERNEL);
}
