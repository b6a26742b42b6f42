/* Somebody else may still have the old pointer. */
#include <linux/slab.h>

struct table {
	u32 *rows;
	u32 *shown;
};

static int grow_copied(struct table *t, size_t n)
{
	t->shown = t->rows;
	t->rows = krealloc(t->rows, n, GFP_KERNEL); // want? krealloc-leak "t->rows = krealloc(t->rows, …) loses the old memory"
	return t->rows ? 0 : -ENOMEM;
}

static int grow_shared(struct table *t, size_t n)
{
	u32 *rows = t->rows;

	rows = krealloc(rows, n, GFP_KERNEL); // want? krealloc-leak "rows = krealloc(rows, …) loses the old memory"
	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	return 0;
}

static int grow_noted(size_t n)
{
	u32 *rows = NULL;

	note_pointer(&rows);
	rows = krealloc(rows, n, GFP_KERNEL); // want? krealloc-leak "rows = krealloc(rows, …) loses the old memory"
	kfree(rows);
	return 0;
}

static int grow_own(size_t n)
{
	u32 *rows = NULL;

	rows = krealloc(rows, n, GFP_KERNEL); // want krealloc-leak "rows = krealloc(rows, …) loses the old memory"
	kfree(rows);
	return 0;
}
