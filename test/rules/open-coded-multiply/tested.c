/* Tests against limits that are not known, and counts that only look bounded. */
#include <linux/slab.h>

struct slot {
	u32 id;
	u32 key;
};

struct queue {
	int depth;
	int width;
	int seen;
};

static void *below_a_limit(struct ring *ring, int count)
{
	if (count < 1 || count > ring->most)
		return NULL;
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want? open-coded-multiply "the tests before do not show that count * sizeof(struct slot) cannot overflow"
}

static void *above_a_limit(struct ring *ring, int count)
{
	if (count <= ring->most)
		return NULL;
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static int ring_reserve(struct region *region)
{
	if (region->segments >= ~0U / sizeof(struct slot))
		return -EFAULT;
	return ring_segments(region);
}

static void *segments(struct region *region)
{
	return kmalloc(sizeof(struct slot) * region->segments, GFP_KERNEL); // want? open-coded-multiply "the tests before do not show"
}

static void *of_constants_and_others(int count)
{
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static void *caller(struct ring *ring)
{
	return ring->small ? of_constants_and_others(2) : of_constants_and_others(ring->count);
}

static void *handed_out(int count)
{
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static void register_it(struct ring *ring)
{
	ring->make = handed_out;
	handed_out(3);
}

static void *changed(int count)
{
	count = ring_read(count);
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static void *calls_changed(void)
{
	return changed(2);
}

static void set_up(struct queue *queue, struct ring *ring)
{
	queue->depth = 4;
	queue->depth = ring->depth;
	queue->width = 4;
	queue->width++;
	queue->seen = 4;
	ring_read_seen(&queue->seen);
}

static void *depths(struct queue *queue)
{
	return kmalloc(queue->depth * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static void *widths(struct queue *queue)
{
	return kmalloc(queue->width * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}

static void *seen(struct queue *queue)
{
	return kmalloc(queue->seen * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks"
}
