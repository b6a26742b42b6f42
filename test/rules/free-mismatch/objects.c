/* Objects that come to their free through lists, RCU callbacks and other functions, and members that a freeing function gets. */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>

struct meter {
	struct rcu_head rcu;
	struct list_head list;
	u32 count;
	u64 bands[];
};

static struct meter *meter_create(unsigned int n)
{
	struct meter *meter = kvzalloc(struct_size(meter, bands, n), GFP_KERNEL);

	if (meter)
		meter->count = n;
	return meter;
}

static void meter_free_rcu(struct rcu_head *rcu)
{
	struct meter *meter = container_of(rcu, struct meter, rcu);

	kfree(meter); // want free-mismatch "kfree() cannot free meter: it comes from kvzalloc(), which kvfree() frees"
}

static void meters_free(struct list_head *list)
{
	struct meter *meter, *next;

	list_for_each_entry_safe(meter, next, list, list)
		kfree(meter); // want free-mismatch "kfree() cannot free meter: it comes from kvzalloc()"
}

static void meters_drop(struct list_head *list)
{
	struct meter *meter = list_first_entry(list, struct meter, list);

	list_del(&meter->list);
	kvfree(meter);
}

/* Others make such objects too. */
static void set_free(struct list_head *list)
{
	struct nft_set *set = list_first_entry(list, struct nft_set, list);

	kfree(set); // want? free-mismatch "kfree() cannot free set: it comes from kvzalloc()"
}

static struct nft_set *set_create(size_t size)
{
	struct nft_set *set = kvzalloc(size, GFP_KERNEL);

	return set;
}

/* Made in two ways: a test that is not seen here chooses. */
struct node {
	struct list_head list;
	unsigned int bits;
};

static struct node *node_create(unsigned int bits)
{
	struct node *small, *large;

	if (bits < 4) {
		small = kzalloc(sizeof(*small), GFP_KERNEL);
		return small;
	}
	large = kvzalloc(sizeof(*large) << bits, GFP_KERNEL);
	return large;
}

static void node_free(struct list_head *list)
{
	struct node *node = list_first_entry(list, struct node, list);

	kfree(node);
}

/* A function that frees gets a member. */
struct sched {
	u32 *tab;
};

static void sched_free(void *addr)
{
	kfree(addr); // want free-mismatch "kfree() cannot free addr: it comes from kvcalloc(), which kvfree() frees"
}

static int sched_change(struct sched *q, unsigned int n)
{
	u32 *tab = kvcalloc(n, sizeof(u32), GFP_KERNEL);
	u32 *old;

	if (!tab)
		return -ENOMEM;
	old = q->tab;
	q->tab = tab;
	sched_free(old);
	return 0;
}

static void sched_destroy(struct sched *q)
{
	sched_free(q->tab);
}

/* Other files may store other memory in a member that they know. */
static void hash_free(void *hash)
{
	kfree(hash); // want? free-mismatch "kfree() cannot free hash: it comes from kvmalloc_array()"
}

static int hash_init(struct Qdisc_class_hash *clhash, unsigned int n)
{
	clhash->hash = kvmalloc_array(n, sizeof(struct hlist_head), GFP_KERNEL);
	return clhash->hash ? 0 : -ENOMEM;
}

static void hash_destroy(struct Qdisc_class_hash *clhash)
{
	hash_free(clhash->hash);
}

/* Small ones from the slab, and vmalloc() where that fails: kvfree() knows, kfree() does not. */
struct quota {
	u32 *bitmap;
	u32 *table;
	bool large;
};

static int quota_init(struct quota *q, size_t size)
{
	q->bitmap = kzalloc(size, GFP_KERNEL | __GFP_NOWARN);
	if (!q->bitmap)
		q->bitmap = __vmalloc(size, GFP_KERNEL | __GFP_ZERO);
	q->large = size > 4096;
	if (q->large)
		q->table = vzalloc(size);
	else
		q->table = kzalloc(4096, GFP_KERNEL);
	return q->bitmap && q->table ? 0 : -ENOMEM;
}

static void quota_exit(struct quota *q)
{
	kfree(q->bitmap); // want? free-mismatch "kfree() cannot free struct quota.bitmap: it may come from __vmalloc(), and kvfree() frees either"
	if (q->large)
		vfree(q->table);
	else
		kfree(q->table);
}

/* What is freed is not what the caller passed. */
static int attr_set(struct quota *q, const char *name, void *value, size_t size)
{
	const void *orig_value = value;
	int error = cap_convert_nscap(name, &value, size);

	if (value != orig_value)
		kfree(value);
	return error;
}

static int attr_copy(struct quota *q, const char *name, size_t size)
{
	void *value = kvzalloc(size, GFP_KERNEL);
	int error;

	if (!value)
		return -ENOMEM;
	error = attr_set(q, name, value, size);
	kvfree(value);
	return error;
}

/* Stored through a variable that is used again: which of the two it is, is not told. */
struct firmware_space {
	void *cfg;
	void *mmio;
};

static int firmware_load(struct firmware_space *f)
{
	void *mem = kmalloc(256, GFP_KERNEL);

	if (!mem)
		return -ENOMEM;
	f->cfg = mem;
	mem = vmalloc(65536);
	f->mmio = mem;
	return mem ? 0 : -ENOMEM;
}

static void firmware_free(struct firmware_space *f)
{
	kfree(f->cfg);
	vfree(f->mmio);
}
