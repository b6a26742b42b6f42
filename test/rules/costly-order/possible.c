/* Queues of a network card: their number comes from the device. */
#include <linux/slab.h>

struct queue {
	u64 counters[100];
	u64 last;
	u32 id, depth;
	void *ring;
	u8 tag[8];
};

struct adapter {
	struct queue *queues;
	unsigned int count;
};

static struct queue *queues_alloc(struct adapter *adapter)
{
	return kcalloc(adapter->count, sizeof(*adapter->queues), GFP_KERNEL_ACCOUNT); // want? costly-order "832 bytes × adapter->count: order 4 from adapter->count = 40, where it may fail although memory is free"
}

static struct queue *rx_queues_alloc(struct net_device *dev)
{
	return kcalloc(dev->num_rx_queues, sizeof(struct queue), GFP_KERNEL_ACCOUNT); // want? costly-order "832 bytes × dev->num_rx_queues: order 4 from dev->num_rx_queues = 40, which a machine with 40 possible CPUs reaches"
}
