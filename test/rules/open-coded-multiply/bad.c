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
	return kmalloc(count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "count * sizeof(struct slot) may overflow, and kmalloc() then gets too small a size: kmalloc_array() checks"
	//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^ open-coded-multiply
}

static struct slot *slots_zeroed(unsigned int count)
{
	return kzalloc(sizeof(struct slot) * (count + 1), GFP_KERNEL); // want open-coded-multiply "kcalloc() checks"
}

static void *image_new(unsigned int width, unsigned int height)
{
	return vmalloc(width * height); // want open-coded-multiply "vmalloc_array() checks"
}

static void *image_deep(unsigned int width, unsigned int height)
{
	return kvzalloc(width * height * sizeof(u32), GFP_KERNEL); // want open-coded-multiply "array3_size() checks"
}

static void *pairs_new(unsigned int count)
{
	return kmalloc(count * 2 * sizeof(u32), GFP_KERNEL); // want open-coded-multiply "kmalloc_array() checks"
}

static void *slots_managed(struct device *dev, unsigned int count)
{
	return devm_kzalloc(dev, count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "devm_kcalloc() checks"
}

static void *slots_copy(const struct slot __user *from, unsigned int count)
{
	return memdup_user(from, count * sizeof(*from)); // want open-coded-multiply "memdup_array_user() checks"
}

static void *slots_of_socket(struct sock *sk, unsigned int count)
{
	return sock_kmalloc(sk, count * sizeof(struct slot), GFP_KERNEL); // want open-coded-multiply "array_size() checks"
}

static struct table *table_new(unsigned int count)
{
	struct table *t = kzalloc(sizeof(*t) + count * sizeof(t->slots[0]), GFP_KERNEL); // want open-coded-multiply "struct_size() checks"

	return t;
}

static int long_names(struct slot **controller_descriptor_slots, unsigned int controller_descriptor_count)
{
	*controller_descriptor_slots = kmalloc(controller_descriptor_count * // want open-coded-multiply
					       sizeof(**controller_descriptor_slots),
					       GFP_KERNEL);
	return *controller_descriptor_slots ? 0 : -ENOMEM;
}
