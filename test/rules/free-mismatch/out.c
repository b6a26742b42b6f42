/* Tables that a function hands out through a pointer. */
#include <linux/mm.h>
#include <linux/slab.h>

static int table_new(unsigned int count, u32 **out)
{
	u32 *table = kvcalloc(count, sizeof(*table), GFP_KERNEL);

	if (!table)
		return -ENOMEM;
	*out = table;
	return 0;
}

static int table_get(unsigned int count, u32 **out, int *error)
{
	*out = kmalloc_array(count, sizeof(**out), GFP_KERNEL); // want? prefer-kvmalloc
	*error = *out ? 0 : -ENOMEM;
	return *error;
}

static int borrow(u32 **out)
{
	table_lend(out);
	*out = kvcalloc(4, 4, GFP_KERNEL);
	return 0;
}

static int sum(unsigned int count)
{
	u32 *table = NULL, *other, *lent;
	int error = table_new(count, &table);

	if (error)
		return error;
	kfree(table); // want free-mismatch "kfree() cannot free table: it comes from kvcalloc(), which kvfree() frees"
	if (table_get(count, &other, &error))
		return error;
	vfree(other); // want free-mismatch "vfree() cannot free other: it comes from kmalloc_array()"
	if (borrow(&lent))
		return 0;
	kfree(lent);
	return 0;
}
