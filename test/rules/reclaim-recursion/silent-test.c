//# kernel 6.1
//# path fs/f2fs/tests/map.c
// want nothing
#include <linux/slab.h>

static void in_transaction(struct f2fs_sb_info *sbi)
{
	f2fs_lock_op(sbi);
	sbi->map = kzalloc(64, GFP_KERNEL);
	f2fs_unlock_op(sbi);
}
