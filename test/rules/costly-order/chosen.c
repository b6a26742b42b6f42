//# kernel 6.12.0
/* Counts and lengths that somebody outside of the kernel decides about. */
#include <linux/fs.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/netlink.h>

struct queue {
	u64 counters[100];
	u64 last;
	u32 id, depth;
	void *ring;
	u8 tag[8];
};

struct request {
	u32 count;
	u32 flags;
};

struct limits {
	u32 most;
};

static unsigned int ring_size = 64;
module_param(ring_size, uint, 0444);

static ssize_t text_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char *text = kmalloc(count + 1, GFP_KERNEL); // want costly-order "kmalloc() of count + 1 bytes: order 4 above 32 KiB, which user space may ask for (the length of a write())"

	return text ? consume(text, buf) : -ENOMEM;
}

static int request_ioctl(void __user *arg)
{
	struct request r;
	struct queue *queues;

	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	if (!r.count)
		return -EINVAL;
	queues = kcalloc(r.count, sizeof(*queues), GFP_KERNEL); // want costly-order "832 bytes × r.count: order 4 from r.count = 40, which user space may ask for (copy_from_user())"
	return queues ? consume_queues(queues) : -ENOMEM;
}

static struct queue *attribute_queues(const struct nlattr *attr)
{
	return kcalloc(nla_get_u32(attr), sizeof(struct queue), GFP_KERNEL_ACCOUNT); // want costly-order "which user space may ask for (nla_get_u32())"
}

static struct queue *store_queues(const char *text)
{
	unsigned int n;

	if (kstrtouint(text, 0, &n))
		return NULL;
	return kcalloc(n, sizeof(struct queue), GFP_KERNEL); // want costly-order "which user space may ask for (kstrtouint())"
}

static struct queue *drm_queues_ioctl(struct drm_device *dev, void *data, struct drm_file *file)
{
	struct request *args = data;

	return kcalloc(args->count, sizeof(struct queue), GFP_KERNEL); // want costly-order "which user space may ask for (an ioctl)"
}

static struct queue *copied_queues(const struct request __user *from)
{
	struct request *r = memdup_user(from, sizeof(*r));

	if (IS_ERR(r))
		return NULL;
	return kcalloc(r->count, sizeof(struct queue), GFP_KERNEL); // want costly-order "which user space may ask for (memdup_user())"
}

static struct queue *cpu_queues(void)
{
	return kcalloc(num_possible_cpus(), sizeof(struct queue), GFP_KERNEL); // want costly-order "832 bytes × num_possible_cpus(): order 4 from num_possible_cpus() = 40, which a machine with 40 possible CPUs reaches"
}

static struct queue *parameter_queues(void)
{
	return kcalloc(ring_size, sizeof(struct queue), GFP_KERNEL); // want? costly-order "order 4 from ring_size = 40, which the module parameter ring_size may ask for"
}

/* Compared with something unknown, or given away to be judged: it may be bounded. */
static struct queue *bounded_queues(const struct limits *limits, void __user *arg)
{
	struct request r;

	if (copy_from_user(&r, arg, sizeof(r)) || r.count > limits->most)
		return NULL;
	return kcalloc(r.count, sizeof(struct queue), GFP_KERNEL); // want? costly-order "which user space may ask for"
}

static struct queue *judged_queues(void __user *arg)
{
	struct request r;

	if (copy_from_user(&r, arg, sizeof(r)) || !request_is_valid(&r))
		return NULL;
	return kcalloc(r.count, sizeof(struct queue), GFP_KERNEL); // want? costly-order "which user space may ask for"
}
