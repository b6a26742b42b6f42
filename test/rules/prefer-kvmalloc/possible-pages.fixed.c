//# path drivers/net/ethernet/ibm/fixture/table.c
/* One page of the kernels that have this driver. */
#include <linux/sizes.h>
#include <linux/slab.h>

static int fill(void)
{
	u8 *table;

	// want? costly-order
	table = kvzalloc(SZ_64K, GFP_KERNEL);	// want? prefer-kvmalloc "needs 64 KiB of contiguous memory"
	if (!table)
		return -ENOMEM;
	table[0] = 1;
	kvfree(table);
	return 0;
}
