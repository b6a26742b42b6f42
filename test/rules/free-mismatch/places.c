/* Arrays of pointers, variables of the file, and pointers read into a local variable first. */
#include <linux/mm.h>
#include <linux/slab.h>

struct port {
	u32 *rings[4];
	u32 *table;
};

static u32 *seeds;

static int port_init(struct port *port, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		port->rings[i] = kvcalloc(n, sizeof(u32), GFP_KERNEL);
		if (!port->rings[i])
			return -ENOMEM;
	}
	port->table = vzalloc(n);
	seeds = kvmalloc_array(n, 8, GFP_KERNEL);
	return port->table && seeds ? 0 : -ENOMEM;
}

static void port_exit(struct port *port)
{
	u32 *table = port->table;
	unsigned int i;

	for (i = 0; i < 4; i++)
		kfree(port->rings[i]); // want free-mismatch "kfree() cannot free struct port.rings[]: it comes from kvcalloc(), which kvfree() frees"
	kfree(table); // want free-mismatch "kfree() cannot free struct port.table: it comes from vzalloc(), which vfree() frees"
	kfree(seeds); // want free-mismatch "kfree() cannot free seeds: it comes from kvmalloc_array(), which kvfree() frees"
}

/* What a caller passes. */
struct work {
	int count;
};

static void work_destroy(struct work *work)
{
	work->count = 0;
	kfree(work); // want free-mismatch "kfree() cannot free work: it comes from kvzalloc(), which kvfree() frees"
}

static int work_start(unsigned int n)
{
	struct work *work = kvzalloc(n, GFP_KERNEL);

	if (!work)
		return -ENOMEM;
	work_destroy(work);
	return 0;
}
