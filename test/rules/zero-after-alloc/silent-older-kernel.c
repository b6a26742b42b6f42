//# kernel 4.14
// want nothing
/* kvcalloc() came with 4.18, and other allocators have no form that zeroes. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

static void *table_new(size_t count, size_t size)
{
	void *p = kvmalloc_array(count, size, GFP_KERNEL);

	if (p)
		memset(p, 0, count * size);
	return p;
}

static void *name_of(const char *text)
{
	char *name = kstrdup(text, GFP_KERNEL);

	if (name)
		memset(name, 0, 8);
	return name;
}
