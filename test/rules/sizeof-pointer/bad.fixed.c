#include <linux/slab.h>

struct port {
	int number;
	char name[32];
};

struct hub {
	struct port *port;
};

static struct port *port_new(void)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL); // want sizeof-pointer "sizeof(p) is the size of the pointer"
	//                              ^ sizeof-pointer

	return p;
}

static int hub_init(struct hub *hub, unsigned int n)
{
	hub->port = kcalloc(n, sizeof(*hub->port), GFP_KERNEL); // want sizeof-pointer "sizeof(hub->port)"  // want? prefer-kvmalloc
	return hub->port ? 0 : -ENOMEM;
}
