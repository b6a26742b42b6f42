//# kernel 6.1
/* Where no single word makes the mask one that may sleep, there is no fix. */
#include <linux/mutex.h>
#include <linux/slab.h>

#define TABLE_GFP GFP_ATOMIC

static void named_by_a_macro(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kmalloc(8, TABLE_GFP);		// want needless-atomic "&t->mutex is held"
	mutex_unlock(&t->mutex);
}

static void with_more(struct table *t)
{
	mutex_lock(&t->mutex);
	t->a = kzalloc(8, GFP_ATOMIC | __GFP_ACCOUNT);	// want needless-atomic "&t->mutex is held"
	mutex_unlock(&t->mutex);
}
