//# kernel 6.12.0
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>

struct stats {
	u64 packets;
	u64 bytes;
};

struct port {
	struct stats *stats;
	struct stats *all;
	unsigned int count;
	struct kmem_cache *cache;
};

static struct stats *stats_new(void)
{
	struct stats *s;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	// want zero-after-alloc "s is zeroed right after kmalloc(): kzalloc() does both"
	return s;
}

static int port_init(struct port *port)
{
	port->all = kmalloc_array(port->count, sizeof(*port->all), // want? prefer-kvmalloc
				  GFP_KERNEL);
	if (port->all == NULL) {
		pr_err("no memory\n");
		return -ENOMEM;
	}

	// want zero-after-alloc "kcalloc() does both"
	memset(port->all, 0, port->count * sizeof(*port->all));

	return 0;
}

static struct stats *from_cache(struct port *port)
{
	struct stats *s = kmem_cache_zalloc(port->cache, GFP_ATOMIC);

	return s;
}

static void *in_condition(size_t len)
{
	char *buf;

	if (!(buf = vzalloc(len)))
		return NULL;
	// want zero-after-alloc "vzalloc() does both"
	return buf;
}

static unsigned long zeroed_page(void)
{
	unsigned long page = get_zeroed_page(GFP_KERNEL);

	if (!page)
		return 0;
	// want zero-after-alloc "get_zeroed_page() does both"
	return page;
}

static void *twice(size_t len)
{
	void *p = kvzalloc(len, GFP_KERNEL);

	if (!p)
		return NULL;
	// want zero-after-alloc "memset() zeroes p once more: kvzalloc() has done it"
	return p;
}

static void *coherent(struct device *dev, size_t len, dma_addr_t *handle)
{
	void *ring = dma_alloc_coherent(dev, len, handle, GFP_KERNEL);

	if (ring) {
		// want zero-after-alloc "dma_alloc_coherent() has done it"
		pr_debug("ring of %zu bytes\n", len);
	}
	return ring;
}

static int with_else(struct port *port)
{
	port->stats = kmalloc(sizeof(*port->stats), GFP_KERNEL);
	if (port->stats)
		// want zero-after-alloc
		memset(port->stats, 0, sizeof(*port->stats));
	else
		return -ENOMEM;
	return 0;
}
