// want nothing
#include <linux/sched/mm.h>
#include <linux/slab.h>

static int in_transaction(struct f2fs_sb_info *sbi)
{
	void *map;

	f2fs_lock_op(sbi);
	map = kzalloc(64, GFP_NOFS);
	kfree(map);
	f2fs_unlock_op(sbi);
	return 0;
}

static int in_scope(struct f2fs_sb_info *sbi)
{
	unsigned int flags;
	void *map;

	f2fs_lock_op(sbi);
	flags = memalloc_nofs_save();
	map = kzalloc(64, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	kfree(map);
	f2fs_unlock_op(sbi);
	return 0;
}
