//# kernel 6.12.0
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <linux/device.h>

struct slot {
	u32 id;
	u32 key;
};

struct table {
	unsigned int used;
	struct slot slots[];
};

static struct slot *slots_new(unsigned int count)
{
	return kmalloc_array(count, sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks count * sizeof(struct slot) for overflow: kmalloc_array() does"
	//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^ open-coded-multiply
}

static struct slot *slots_zeroed(unsigned int count)
{
	return kcalloc(count + 1, sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "nothing checks (count + 1) * sizeof(struct slot) for overflow: kcalloc() does"
}

static void *image_new(unsigned int width, unsigned int height)
{
	return vmalloc_array(width, height); // want open-coded-multiply "for overflow: vmalloc_array() does"
}

static void *image_deep(unsigned int width, unsigned int height)
{
	return kvzalloc(array3_size(width, height, sizeof(u32)), GFP_KERNEL); // want open-coded-multiply "for overflow: array3_size() does"
}

static void *pairs_new(unsigned int count)
{
	return kmalloc_array(count, 2 * sizeof(u32), GFP_KERNEL); // want open-coded-multiply "for overflow: kmalloc_array() does"
}

static void *slots_managed(struct device *dev, unsigned int count)
{
	return devm_kcalloc(dev, count, sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "for overflow: devm_kcalloc() does"
}

static void *slots_copy(const struct slot __user *from, unsigned int count)
{
	return memdup_array_user(from, count, sizeof(*from)); // want open-coded-multiply "for overflow: memdup_array_user() does"
}

static void *slots_of_socket(struct sock *sk, unsigned int count)
{
	return sock_kmalloc(sk, array_size(count, sizeof(struct slot)),
			    GFP_KERNEL); // want open-coded-multiply "for overflow: array_size() does"
}

static struct table *table_new(unsigned int count)
{
	struct table *t = kzalloc(struct_size(t, slots, count), GFP_KERNEL); // want open-coded-multiply "for overflow: struct_size() does"

	return t;
}

static int long_names(struct slot **controller_descriptor_slots, unsigned int controller_descriptor_count)
{
	*controller_descriptor_slots = kmalloc(controller_descriptor_count * // want open-coded-multiply  // want? prefer-kvmalloc
					       sizeof(**controller_descriptor_slots),
					       GFP_KERNEL);
	return *controller_descriptor_slots ? 0 : -ENOMEM;
}

static int names_of_a_neighbour(struct sock *sk, struct table *transmission_scheduler, unsigned int number_of_slots)
{
	transmission_scheduler->slots = sock_kmalloc(sk, number_of_slots * sizeof(*transmission_scheduler->slots), GFP_KERNEL); // want open-coded-multiply
	return 0;
}

struct message {
	u32 type;
	u8 text[];
};

static struct message *message_new(size_t len)
{
	struct message *m = kmalloc(struct_size(m, text, len), GFP_KERNEL); // want? open-coded-multiply "nothing checks sizeof(*m) + len for overflow: struct_size() does"

	return m;
}

static struct table *table_with_names(unsigned int count)
{
	struct table *t = kzalloc(size_add(size_add(sizeof(*t),
						    array_size(count, sizeof(t->slots[0]))),
					   array_size(count, sizeof(u64))), GFP_KERNEL); // want open-coded-multiply "nothing checks count * sizeof(t->slots[0]) for overflow"

	return t;
}

/* A header and arrays behind it, and arrays alone. */
static struct table *table_with_slots(unsigned int slots, unsigned int names)
{
	struct table *t = kzalloc(size_add(size_add(sizeof(*t),
						    array_size(slots, sizeof(struct slot))),
					   array_size(names, sizeof(char *))), GFP_KERNEL); // want open-coded-multiply "for overflow: size_add() does"

	return t;
}

static void *two_arrays(unsigned int slots, unsigned int names)
{
	return kvmalloc(size_add(array_size(slots, sizeof(struct slot)),
				 array_size(names, 16)), GFP_KERNEL); // want open-coded-multiply "for overflow: size_add() does"
}
