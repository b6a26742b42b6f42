//# kernel 6.1
/* Which mask takes the place of which, and where none can. */
#include <linux/blk-mq.h>
#include <linux/slab.h>

#define MAP_GFP GFP_KERNEL

static void named_by_a_macro(struct f2fs_sb_info *sbi)
{
	f2fs_lock_op(sbi);
	sbi->map = kmalloc(64, MAP_GFP);	// want reclaim-recursion "a file system transaction is open"
	f2fs_unlock_op(sbi);
}

static void from_its_parts(struct f2fs_sb_info *sbi)
{
	f2fs_lock_op(sbi);
	sbi->map = kmalloc(64, GFP_NOFS | __GFP_FS);	// want reclaim-recursion "with GFP_KERNEL may enter the file system" // want open-coded-mask "is GFP_KERNEL"
	f2fs_unlock_op(sbi);
}

static void everything_is_io(struct device *dev)
{
	blk_mq_freeze_queue(dev->queue);
	dev->a = kmalloc(64, GFP_KERNEL | __GFP_NOWARN);	// want reclaim-recursion "may start I/O and wait for it"
	dev->b = kmalloc(64, GFP_NOIO);
	blk_mq_unfreeze_queue(dev->queue);
}
