// want nothing
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

static void *capture_alloc(void)
{
	return kvmalloc(SZ_64K, GFP_KERNEL);
}

static void *capture_try(void)
{
	return kmalloc(SZ_64K, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
}

static void *capture_hard(void)
{
	return kmalloc(SZ_64K, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}
