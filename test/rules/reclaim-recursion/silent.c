//# kernel 6.1
// want nothing
#include <linux/blk-mq.h>
#include <linux/slab.h>

static int helper(struct f2fs_sb_info *sbi, gfp_t gfp)
{
	sbi->map = kmalloc(8, gfp);
	return 0;
}

static void outer(struct f2fs_sb_info *sbi)
{
	f2fs_lock_op(sbi);
	helper(sbi, GFP_NOFS);
	f2fs_unlock_op(sbi);
	helper(sbi, GFP_KERNEL);
}

static int after_thaw(struct device *dev)
{
	blk_mq_freeze_queue(dev->queue);
	dev->depth = 1;
	blk_mq_unfreeze_queue(dev->queue);
	dev->map = kzalloc(64, GFP_KERNEL);
	return 0;
}
