//# kernel 7.0
// want nothing
#include <linux/slab.h>

struct port {
	int number;
};

static struct port *port_new(int number)
{
	struct port *p = kzalloc_obj(*p);

	if (p)
		p->number = number;
	return p;
}

static struct port *ports_new(unsigned int count)
{
	struct port *p = kzalloc_objs(*p, count, GFP_ATOMIC);

	return p;
}
