//# kernel 7.0
#include <linux/slab.h>
#include <linux/mm.h>

struct port {
	int number;
	struct port *peer;
	struct lane *lanes;
	unsigned int count;
};

struct lane {
	unsigned int used;
	u32 slots[];
};

static struct port *port_new(void)
{
	struct port *p = kmalloc_obj(*p, GFP_KERNEL_ACCOUNT); // want object-macro "kmalloc() of a type: kmalloc_obj() checks that it is the pointer's own"
	//               ^^^^^^^ object-macro

	if (!p)
		return NULL;
	p->peer = kzalloc_obj(struct port); // want object-macro "kzalloc_obj()"
	p->count = 4;
	p->lanes = kzalloc_objs(*p->lanes, p->count); // want object-macro "kzalloc_objs()"
	return p;
}

static struct lane *lane_new(unsigned int slots)
{
	struct lane *l;

	l = kvzalloc_flex(*l, slots, slots); // want object-macro "kvzalloc_flex()"
	return l;
}

static struct port **port_pointers(unsigned int count)
{
	struct port **ports;

	ports = kmalloc_objs(*ports, count, GFP_KERNEL | __GFP_NOWARN); // want object-macro "kmalloc_objs()"
	return ports;
}
