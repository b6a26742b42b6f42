//# path drivers/net/queues.c
/* Parts of the array are handed on: the fix wants a person. */
#include <linux/slab.h>

struct queue {
	u64 packets;
	u8 pad[824];
};

struct port {
	struct queue *rq;
	unsigned int num;
};

static int port_alloc(struct port *port)
{
	unsigned int i;

	port->rq = kcalloc(port->num, sizeof(*port->rq), GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL); // want? prefer-kvmalloc "port->num elements"
	if (!port->rq)
		return -ENOMEM;
	for (i = 0; i < port->num; i++)
		queue_register(&port->rq[i]);
	return 0;
}

static void port_free(struct port *port)
{
	kfree(port->rq);
}
