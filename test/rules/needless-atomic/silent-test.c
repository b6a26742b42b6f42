//# kernel 6.1
//# path lib/test_table.c
// want nothing
#include <linux/mutex.h>
#include <linux/slab.h>

static void under_mutex(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, GFP_ATOMIC);
	mutex_unlock(&t->mutex);
}
