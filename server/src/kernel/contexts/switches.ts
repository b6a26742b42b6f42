import type { ContextFunction } from '../model';
import { acquire, functions, leave, release } from './effects';

/** Interrupts, softirqs, preemption, RCU, atomic mappings and the FPU: what is switched off, not locked. */
export const SWITCHES: readonly ContextFunction[] = [
  // include/linux/irqflags.h
  ...functions('local_irq_disable raw_local_irq_disable local_irq_save raw_local_irq_save', 'always', acquire('irqs-off')),
  ...functions('local_irq_restore raw_local_irq_restore', 'always', release('irqs-off')),
  ...functions('local_irq_enable raw_local_irq_enable local_irq_enable_exit_to_user local_daif_restore', 'always', leave('irqs-off')),
  // include/linux/bottom_half.h
  ...functions('local_bh_disable __local_bh_disable_ip', 'always', acquire('bh-off')),
  ...functions('local_bh_enable local_bh_enable_ip __local_bh_enable_ip', 'always', release('bh-off')),
  // include/linux/preempt.h, smp.h, percpu-defs.h
  ...functions('preempt_disable preempt_disable_notrace get_cpu get_cpu_var get_cpu_ptr', 'always', acquire('preempt-off')),
  ...functions(
    'preempt_enable preempt_enable_notrace preempt_enable_no_resched sched_preempt_enable_no_resched put_cpu put_cpu_var put_cpu_ptr',
    'always',
    release('preempt-off'),
  ),
  // include/linux/rcupdate.h: blocking is illegal in every configuration, PREEMPT_RCU only allows preemption
  ...functions('rcu_read_lock', 'always', acquire('rcu')),
  ...functions('rcu_read_unlock', 'always', release('rcu')),
  ...functions('rcu_read_lock_bh', 'always', acquire('rcu'), acquire('bh-off')),
  ...functions('rcu_read_unlock_bh', 'always', release('rcu'), release('bh-off')),
  ...functions('rcu_read_lock_sched rcu_read_lock_sched_notrace', 'always', acquire('rcu'), acquire('preempt-off')),
  ...functions('rcu_read_unlock_sched rcu_read_unlock_sched_notrace', 'always', release('rcu'), release('preempt-off')),
  // include/linux/rhashtable.h: a walk is an RCU reader between start and stop
  ...functions('rhashtable_walk_start rhashtable_walk_start_check', 'always', acquire('rcu')),
  ...functions('rhashtable_walk_stop', 'always', release('rcu')),
  // include/linux/srcu.h: readers may sleep
  ...functions('srcu_read_lock srcu_read_lock_nmisafe srcu_read_lock_notrace', 'always', acquire('srcu', 0)),
  ...functions('srcu_read_unlock srcu_read_unlock_nmisafe srcu_read_unlock_notrace', 'always', release('srcu', 0)),
  // include/linux/highmem.h
  ...functions('kmap_atomic kmap_atomic_prot kmap_atomic_pfn', 'always', acquire('kmap-atomic')),
  ...functions('kunmap_atomic', 'always', release('kmap-atomic')),
  // arch/x86/include/asm/fpu/api.h; on s390 the registers go to memory of the caller, and preemption stays on (arch/s390/include/asm/fpu.h)
  ...[
    ...functions('kernel_fpu_begin kernel_fpu_begin_mask', 'always', acquire('fpu')),
    ...functions('kernel_fpu_end', 'always', release('fpu')),
  ].map((row) => ({ ...row, exceptBelow: 'arch/s390/' })),
  // include/linux/idr.h, radix-tree.h: they allocate (and may sleep) first, then return with preemption off
  ...functions('idr_preload', 'always', acquire('preempt-off')),
  ...functions('radix_tree_preload radix_tree_maybe_preload', 'zero', acquire('preempt-off')),
  ...functions('idr_preload_end radix_tree_preload_end', 'always', release('preempt-off')),
];

/**
 * The task is set up to sleep: an allocation that sleeps would put it back into TASK_RUNNING, and the wait that follows does not wait
 * (kernel/sched/core.c: __might_sleep() warns of it). include/linux/wait.h, kernel/sched/wait.c.
 */
export const TASK_STATES: readonly ContextFunction[] = [
  ...functions('prepare_to_wait prepare_to_wait_exclusive prepare_to_wait_event', 'always', acquire('task-state')),
  ...functions('finish_wait schedule schedule_timeout io_schedule io_schedule_timeout schedule_hrtimeout', 'always', leave('task-state')),
];

/**
 * Transactions that writeback and inode reclaim need as well, and request queues that are stopped: reclaim must not wait for them. Those that
 * open an allocation scope themselves (jbd2__journal_start(), xfs_trans_alloc()) are left out. Read in 6.1 and 6.12.
 */
export const RECLAIM_HAZARDS: readonly ContextFunction[] = [
  // fs/f2fs/f2fs.h: cp_rwsem, which f2fs_do_write_data_page() takes
  ...functions('f2fs_lock_op', 'always', acquire('fs-transaction', 0)),
  ...functions('f2fs_unlock_op', 'always', release('fs-transaction', 0)),
  // fs/btrfs/transaction.c
  ...functions(
    'btrfs_start_transaction btrfs_join_transaction btrfs_join_transaction_nostart btrfs_start_transaction_fallback_global_rsv',
    'always',
    acquire('fs-transaction'),
  ),
  ...functions(
    'btrfs_end_transaction btrfs_end_transaction_throttle btrfs_commit_transaction btrfs_commit_transaction_async',
    'always',
    release('fs-transaction'),
  ),
  // fs/nilfs2/segment.c: nilfs_transaction_begin() answers 0 when the transaction is open
  ...functions('nilfs_transaction_begin', 'zero', acquire('fs-transaction')),
  ...functions('nilfs_transaction_commit nilfs_transaction_abort', 'always', release('fs-transaction')),
  // fs/gfs2/trans.c: holds sd_log_flush_lock, which writeback takes; 0: the transaction is open
  ...functions('gfs2_trans_begin', 'zero', acquire('fs-transaction')),
  ...functions('gfs2_trans_end', 'always', release('fs-transaction')),
  // block/blk-mq.c: no request of the queue is served until it is thawed
  ...functions('blk_mq_freeze_queue blk_mq_quiesce_queue', 'always', acquire('frozen-queue', 0)),
  ...functions('blk_mq_unfreeze_queue blk_mq_unquiesce_queue', 'always', release('frozen-queue', 0)),
];

/** Allocation scopes (include/linux/sched/mm.h). */
export const SCOPES: readonly ContextFunction[] = [
  ...functions('memalloc_nofs_save', 'always', acquire('nofs-scope')),
  ...functions('memalloc_nofs_restore', 'always', release('nofs-scope')),
  ...functions('memalloc_noio_save', 'always', acquire('noio-scope')),
  ...functions('memalloc_noio_restore', 'always', release('noio-scope')),
  ...functions('memalloc_noreclaim_save', 'always', acquire('noreclaim-scope')),
  ...functions('memalloc_noreclaim_restore', 'always', release('noreclaim-scope')),
  ...functions('memalloc_pin_save', 'always', acquire('pin-scope')),
  ...functions('memalloc_pin_restore', 'always', release('pin-scope')),
];
