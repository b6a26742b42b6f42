// want nothing
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct table {
	u32 *slots;
	void *data;
	bool large;
};

/* Whoever fills it is not in this file. */
static void table_exit(struct table *t)
{
	kfree(t->slots);
}

/* Allocated in two ways, freed in two ways. */
static int data_init(struct table *t)
{
	t->data = t->large ? NULL : kmalloc(64, GFP_KERNEL);
	if (t->large)
		t->data = vmalloc(1 << 20);
	return t->data ? 0 : -ENOMEM;
}

static void data_exit(struct table *t)
{
	if (t->large)
		vfree(t->data);
	else
		kfree(t->data);
}

static void any_free(void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}

static void use(size_t len)
{
	void *p = vmalloc(len);

	any_free(p);
}

/* kvfree() and kfree_rcu() take both. */
static void both(unsigned int n)
{
	u64 *v = kmalloc(64, GFP_KERNEL);

	kvfree(v);
}

/* One variable for two kinds of memory, one after the other. */
static void two_in_turn(bool large)
{
	void *p;

	p = large ? NULL : kmalloc(64, GFP_KERNEL);
	if (p)
		use_both(&p);
	kfree(p);
	p = vmalloc(64);
	if (p)
		use_both(&p);
	vfree(p);
}
