//# kernel 6.1
/* Code that runs while booting only. */
#include <linux/init.h>
#include <linux/slab.h>

/* maybe with interrupts off, maybe not: only the callers know */
static int __init table_add(struct table *t)
{
	t->row = kzalloc(64, GFP_KERNEL);	// want? needless-atomic "table_add() is only called where sleeping is allowed"
	return t->row ? 0 : -ENOMEM;
}

void __init table_setup(void)
{
	table_add(&tables);
}

/* initcalls run in process context */
static int __init table_boot(void)
{
	tables.name = kzalloc(64, GFP_KERNEL);	// want needless-atomic "table_boot() is only called where sleeping is allowed"
	return tables.name ? 0 : -ENOMEM;
}
subsys_initcall(table_boot);
