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
	struct port *p = kmalloc(sizeof(*p), GFP_KERNEL_ACCOUNT); // want object-macro "kmalloc() of a type: kmalloc_obj() checks that it is the pointer's own"
	//               ^^^^^^^ object-macro

	if (!p)
		return NULL;
	p->peer = kzalloc(sizeof(struct port), GFP_KERNEL); // want object-macro "kzalloc_obj()"
	p->count = 4;
	p->lanes = kcalloc(p->count, sizeof(*p->lanes), GFP_KERNEL); // want object-macro "kzalloc_objs()"
	return p;
}

static struct lane *lane_new(unsigned int slots)
{
	struct lane *l;

	l = kvzalloc(struct_size(l, slots, slots), GFP_KERNEL); // want object-macro "kvzalloc_flex()"
	return l;
}

static struct port **port_pointers(unsigned int count)
{
	struct port **ports;

	ports = kmalloc_array(count, sizeof(*ports), GFP_KERNEL | __GFP_NOWARN); // want object-macro "kmalloc_objs()"
	return ports;
}
