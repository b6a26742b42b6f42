/* The mask stands in each of the places that are not its own. */
#include <linux/slab.h>
#include <linux/gfp.h>

static void *as_count(size_t n)
{
	return kcalloc(n, sizeof(int), GFP_KERNEL); // want swapped-arguments "GFP_KERNEL is passed as the count of kcalloc(), and n as the mask"
}

static void *as_element(size_t n)
{
	return kcalloc(n, sizeof(int), GFP_KERNEL); // want swapped-arguments "GFP_KERNEL is passed as the element size of kcalloc(), and a size as the mask"
}

static void *as_node(size_t n)
{
	return kmalloc_node(n, GFP_ATOMIC | __GFP_NOWARN, 0); // want swapped-arguments "is passed as argument 3 of kmalloc_node(), and a size as the mask"
}
