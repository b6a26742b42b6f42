//# kernel 6.12.0
// want nothing
#include <linux/slab.h>

struct port {
	int number;
};

static struct port *port_new(void)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	return p;
}
