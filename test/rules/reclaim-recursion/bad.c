//# kernel 6.1
#include <linux/blk-mq.h>
#include <linux/slab.h>
#include <linux/usb.h>

static int in_transaction(struct f2fs_sb_info *sbi)
{
	void *map;

	f2fs_lock_op(sbi);
	map = kzalloc(64, GFP_KERNEL);		// want reclaim-recursion "may enter the file system, but a file system transaction is open"
	kfree(map);
	f2fs_unlock_op(sbi);
	return 0;
}

static int while_frozen(struct device *dev)
{
	void *map;

	blk_mq_freeze_queue(dev->queue);
	map = kzalloc(64, GFP_NOFS);		// want reclaim-recursion "may start I/O and wait for it, but request queue dev->queue is stopped"
	blk_mq_unfreeze_queue(dev->queue);
	kfree(map);
	return 0;
}

static int reset_buffers(struct device *dev)
{
	dev->buf = kmalloc(64, GFP_KERNEL);	// want? reclaim-recursion "stick_post_reset() is waited for by I/O"
	return dev->buf ? 0 : -ENOMEM;
}

static int stick_post_reset(struct usb_interface *intf)
{
	return reset_buffers(usb_get_intfdata(intf));
}

static struct usb_driver stick_driver = {
	.post_reset = stick_post_reset,
};

static int helper(struct f2fs_sb_info *sbi)
{
	sbi->map = kmalloc(8, GFP_KERNEL);	// want reclaim-recursion "a file system transaction is open in outer()"
	return 0;
}

static void outer(struct f2fs_sb_info *sbi)
{
	f2fs_lock_op(sbi);
	helper(sbi);
	f2fs_unlock_op(sbi);
}
