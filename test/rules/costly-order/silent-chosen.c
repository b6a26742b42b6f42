// want nothing
/* Bounded below the costly orders, or prepared for failure. */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/netlink.h>

static ssize_t short_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char *text;

	if (count > PAGE_SIZE)
		return -EINVAL;
	text = kmalloc(count + 1, GFP_KERNEL);
	return text ? consume(text, buf) : -ENOMEM;
}

static ssize_t clamped_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char *text = kmalloc(min_t(size_t, count, 4096), GFP_KERNEL);

	return text ? consume(text, buf) : -ENOMEM;
}

static ssize_t prepared_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char *text = kmalloc(count, GFP_KERNEL | __GFP_NOWARN);

	return text ? consume(text, buf) : -ENOMEM;
}

static void *attribute_copy(const struct nlattr *attr)
{
	return kmalloc(nla_get_u16(attr) / 4, GFP_KERNEL);
}
