// want nothing
#include <linux/mempool.h>
#include <linux/slab.h>

struct item {
	struct list_head list;
	int id;
};

struct pair {
	struct item *a, *b;
};

/* The mask never fails. */
static void never(gfp_t gfp, mempool_t *pool)
{
	struct item *a = kmalloc(sizeof(*a), GFP_KERNEL | __GFP_NOFAIL);
	struct item *c = mempool_alloc(pool, gfp);

	a->id = 1;
}

static void from_pool(mempool_t *pool)
{
	struct item *c = mempool_alloc(pool, GFP_KERNEL);

	c->id = 3;
}

/* Checked together, in the condition, by a macro, or the other way round. */
static int checks(struct pair *p)
{
	struct item *i, *j, *k;

	p->a = kmalloc(sizeof(*p->a), GFP_KERNEL);
	p->b = kmalloc(sizeof(*p->b), GFP_KERNEL);
	if (!p->a || !p->b)
		return -ENOMEM;
	if (!(i = kmalloc(sizeof(*i), GFP_KERNEL)))
		return -ENOMEM;
	i->id = 0;
	j = kmalloc(sizeof(*j), GFP_KERNEL);
	if (WARN_ON(j == NULL))
		return -ENOMEM;
	j->id = 1;
	k = kmalloc(sizeof(*k), GFP_KERNEL);
	if (k)
		k->id = 2;
	return 0;
}

/* The caller or another function looks at it. */
static struct item *make(struct pair *p)
{
	p->a = kmalloc(sizeof(*p->a), GFP_KERNEL);
	return kmalloc(sizeof(struct item), GFP_KERNEL);
}

/* Another name of the same pointer is tested. */
static int renamed(struct item **out)
{
	struct item *i, *same;

	same = i = kmalloc(sizeof(*i), GFP_KERNEL);
	if (!same)
		return -ENOMEM;
	i->id = 1;
	*out = i;
	return 0;
}

/* The address of the first member is NULL when the pointer is. */
static struct list_head *link(void)
{
	struct item *i = kmalloc(sizeof(*i), GFP_KERNEL);

	return &i->list;
}

/* Only printed or freed. */
static void harmless(void)
{
	void *p = kmalloc(16, GFP_KERNEL);

	pr_info("%p\n", p);
	kfree(p);
}

/* The right test, or one that sees both. */
static int copies(struct pair *p, const void __user *from)
{
	struct item *a = memdup_user(from, sizeof(*a));
	struct item *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (IS_ERR(a))
		return PTR_ERR(a);
	if (IS_ERR_OR_NULL(b))
		return -ENOMEM;
	p->a = a;
	if (!p->a)
		return -EINVAL;
	b->id = a->id;
	return 0;
}

/* One variable for two results. */
static struct item *either(const void __user *from, bool user)
{
	struct item *i;

	if (user)
		i = memdup_user(from, sizeof(*i));
	else
		i = kzalloc(sizeof(*i), GFP_KERNEL);
	if (IS_ERR(i))
		return i;
	if (!i)
		return ERR_PTR(-ENOMEM);
	return i;
}

/* An address inside of it, but tested first, or the variable holds another one by then. */
static int inside(struct domain *d, int count)
{
	struct bank *banks = kcalloc(count, sizeof(*banks), GFP_KERNEL);
	struct bank *first = &banks[0];
	struct bank *end = banks + count;

	if (!banks)
		return -ENOMEM;
	first->id = 0;
	end = d->end;
	end->id = 1;
	d->banks = banks;
	return 0;
}

static int elsewhere(struct domain *d, int count)
{
	struct bank *banks = kcalloc(count, sizeof(*banks), GFP_KERNEL);
	struct bank *end = banks + count;

	end = d->end;
	end->id = 1;
	d->banks = banks;
	return d->banks ? 0 : -ENOMEM;
}
