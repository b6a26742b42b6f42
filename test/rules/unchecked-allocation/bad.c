/* Power domains that are set up without a look at the result. */
#include <linux/device.h>
#include <linux/slab.h>

struct domain {
	struct list_head list;
	int id;
	char name[16];
};

struct led {
	const char *name;
	int level;
};

static int domain_add(struct device *dev, int id)
{
	struct domain *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL); // want unchecked-allocation "d is used before it is checked: devm_kzalloc() may return NULL"
	//                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unchecked-allocation

	d->id = id;
	return 0;
}

static char *copy(const char *from, size_t len)
{
	char *to;

	to = kmalloc(64, GFP_KERNEL); // want unchecked-allocation "to is passed to memcpy() before it is checked"
	memcpy(to, from, min_t(size_t, len, 64));
	return to;
}

static void late(int id)
{
	struct domain *d = kzalloc(sizeof(*d), GFP_NOWAIT); // want unchecked-allocation "d is used"

	INIT_LIST_HEAD(&d->list);
	if (id > 0)
		d->id = id;
	kfree(d);
}

static void name_led(struct device *dev, struct led *led)
{
	led->name = devm_kasprintf(dev, GFP_KERNEL, "%s:led", dev_name(dev)); // want? unchecked-allocation "led->name is stored before it is checked"
	led->level = 1;
}

/* The caller may have asked for no failure. */
static struct domain *domain_new(int id, gfp_t gfp)
{
	struct domain *d = kmalloc(sizeof(*d), gfp); // want? unchecked-allocation "d is used before it is checked"

	d->id = id;
	return d;
}

/* Functions that only write an address down, and addresses of members, are no use of the memory; what follows is. */
static int domain_probe(struct device *dev)
{
	struct domain *d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL); // want unchecked-allocation "d is used before it is checked"
	struct list_head *list;

	dev_set_drvdata(dev, d);
	list = &d->list;
	d->id = 1;
	return domain_register(dev, list);
}

/* Tested for the wrong thing. */
static int domain_copy(struct device *dev, const void __user *from)
{
	struct domain *d, *c;

	d = devm_kzalloc(dev, sizeof(*d), GFP_KERNEL); // want unchecked-allocation "IS_ERR() never sees that devm_kzalloc() failed: it returns NULL"
	if (IS_ERR(d))
		return PTR_ERR(d);
	c = memdup_user(from, sizeof(*c)); // want unchecked-allocation "a test for NULL never sees that memdup_user() failed: it returns an error pointer"
	if (!c)
		return -ENOMEM;
	d->id = c->id;
	kfree(c);
	return 0;
}

/* What is read at an address inside of the memory is read in the memory. */
static int domain_banks(struct device *dev, struct domain *d, int count)
{
	int i;

	d->banks = devm_kcalloc(dev, count, sizeof(*d->banks), GFP_KERNEL); // want? unchecked-allocation "d->banks is used before it is checked"
	for (i = 0; i < count; i++) {
		struct bank *bank = &d->banks[i];

		bank->id = i;
	}
	return 0;
}

static int domain_end(struct device *dev, struct domain *d, int count)
{
	struct bank *last;

	d->banks = devm_kcalloc(dev, count, sizeof(*d->banks), GFP_KERNEL); // want unchecked-allocation "d->banks is used before it is checked"
	last = d->banks + count;
	last->id = count;
	return 0;
}
