// want nothing
#include <linux/slab.h>
#include <linux/string.h>

struct stats {
	u64 packets;
	u64 bytes;
};

static void *part(size_t len)
{
	char *p = kmalloc(len + 16, GFP_KERNEL);

	if (!p)
		return NULL;
	memset(p, 0, 16);
	return p;
}

static void *other_value(size_t len)
{
	char *p = kmalloc(len, GFP_KERNEL);

	if (!p)
		return NULL;
	memset(p, 0xff, len);
	return p;
}

static void *used_between(size_t len, const char *from)
{
	char *p = kmalloc(len, GFP_KERNEL);

	if (!p)
		return NULL;
	memcpy(p, from, len);
	memset(p, 0, len);
	return p;
}

static void *other_pointer(size_t len, char *q)
{
	char *p = kmalloc(len, GFP_KERNEL);

	if (!p)
		return NULL;
	memset(q, 0, len);
	return p;
}

static void used_again(u8 len, unsigned int rounds)
{
	char *p = kmalloc(len, GFP_KERNEL);

	if (!p)
		return;
	while (rounds--) {
		memset(p, 0, len);
		consume(p);
	}
	kfree(p);
}

static struct stats *size_of_pointer(void)
{
	struct stats *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	memset(s, 0, sizeof(s));
	return s;
}
