// want nothing
#include <linux/slab.h>

struct port {
	int number;
	char name[32];
};

static struct port *port_new(void)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	return p;
}
