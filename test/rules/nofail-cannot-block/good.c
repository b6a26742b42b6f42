// want nothing
#include <linux/slab.h>
#include <linux/mm.h>

struct event {
	int code;
	struct list_head list;
};

static struct event *event_new(int code)
{
	struct event *event = kzalloc(sizeof(*event), GFP_NOFS | __GFP_NOFAIL);

	event->code = code;
	return event;
}

static void *event_table(size_t count)
{
	return kvmalloc_array(count, sizeof(struct event), GFP_KERNEL | __GFP_NOFAIL);
}
