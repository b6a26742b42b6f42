// want nothing
#include <linux/slab.h>
#include <linux/string.h>

struct stats {
	u64 packets;
	u64 bytes;
};

static struct stats *stats_new(void)
{
	struct stats *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->packets = 1;
	return s;
}
