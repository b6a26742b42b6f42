// want nothing
#include <linux/slab.h>

struct port {
	int number;
};

struct hub {
	struct port **ports;
	struct elsewhere *other;
	void *opaque;
};

/* Arrays of pointers, a size without a target, pointers to anything. */
static int hub_init(struct hub *hub)
{
	struct port *p;

	hub->ports = kcalloc(4, sizeof(p), GFP_KERNEL);
	hub->opaque = kzalloc(sizeof(hub->opaque), GFP_KERNEL);
	return hub->ports && hub->opaque ? 0 : -ENOMEM;
}
