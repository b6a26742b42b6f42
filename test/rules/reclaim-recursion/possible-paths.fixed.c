//# kernel 6.1
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/usb.h>

static void opened_on_some_path(struct f2fs_sb_info *sbi, bool atomic)
{
	if (!atomic)
		f2fs_lock_op(sbi);
	sbi->map = kmalloc(64, GFP_NOFS);	// want? reclaim-recursion "but a file system transaction is open on some path"
	if (!atomic)
		f2fs_unlock_op(sbi);
}

/* a habit speaks of masks: what has none is no matter of it */
static int write_map(struct ubi_device *ubi)
{
	void *a = kmalloc(64, GFP_NOFS);
	int ret = usb_submit_urb(ubi->urb, GFP_NOFS);	// want? reclaim-recursion "does without __GFP_FS in the same context"

	ubi->thread = kthread_run(ubi_thread, ubi, "ubi");
	kfree(a);
	return ret;
}
