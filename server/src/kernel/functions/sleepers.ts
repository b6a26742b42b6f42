import type { FunctionRow } from './rows';
import { allWithoutMask, takesMask, words } from './rows';

/**
 * Functions without a mask that may sleep whatever they are passed: each has might_sleep(), takes a sleeping lock, or allocates with GFP_KERNEL
 * without a condition (6.1 and 6.12). Left out on purpose: what sleeps only sometimes (fput, iput, pm_runtime_get_sync, regmap_write,
 * i2c_transfer, hrtimer_cancel, del_timer_sync, copy_from_user under pagefault_disable()), and wait_event_lock_irq(), which drops the lock.
 */
const WAITING =
  'msleep msleep_interruptible ssleep usleep_range usleep_range_state fsleep schedule schedule_timeout schedule_timeout_interruptible ' +
  'schedule_timeout_uninterruptible schedule_timeout_killable schedule_hrtimeout io_schedule io_schedule_timeout yield might_sleep ' +
  'wait_event wait_event_interruptible wait_event_timeout wait_event_killable wait_event_interruptible_timeout wait_event_freezable wait_on_bit ' +
  'wait_for_completion wait_for_completion_timeout wait_for_completion_interruptible wait_for_completion_interruptible_timeout wait_for_completion_killable ' +
  'wait_for_completion_io synchronize_rcu synchronize_rcu_expedited synchronize_srcu synchronize_srcu_expedited synchronize_net rcu_barrier srcu_barrier ' +
  'flush_work flush_delayed_work flush_workqueue drain_workqueue cancel_work_sync cancel_delayed_work_sync flush_rcu_work napi_disable ' +
  'kthread_stop kthread_park kthread_flush_work kthread_flush_worker kthread_cancel_work_sync dma_fence_wait';
const SLEEPING_LOCKS =
  'mutex_lock mutex_lock_interruptible mutex_lock_killable mutex_lock_nested mutex_lock_io ww_mutex_lock ww_mutex_lock_interruptible rt_mutex_lock down ' +
  'down_interruptible down_killable down_timeout down_read down_write down_read_nested down_write_nested down_read_interruptible down_read_killable ' +
  'down_write_killable percpu_down_read percpu_down_write cpus_read_lock rtnl_lock genl_lock device_lock console_lock lock_page folio_lock ' +
  'inode_lock inode_lock_shared mmap_read_lock mmap_write_lock mmap_read_lock_killable mmap_write_lock_killable dma_resv_lock drm_modeset_lock lock_sock lock_sock_nested ' +
  'wait_on_page_writeback folio_wait_writeback folio_wait_locked';
const DEVICES =
  'clk_prepare clk_unprepare clk_prepare_enable clk_disable_unprepare clk_set_rate clk_set_parent regulator_enable regulator_disable regulator_set_voltage ' +
  'gpiod_set_value_cansleep gpiod_get_value_cansleep spi_sync spi_write spi_read mdiobus_read mdiobus_write phy_init phy_power_on usb_control_msg usb_bulk_msg ' +
  'usb_kill_urb usb_poison_urb mmc_wait_for_req dmaengine_terminate_sync request_irq request_threaded_irq devm_request_irq devm_request_threaded_irq free_irq ' +
  'devm_clk_get clk_get devm_regulator_get devm_gpiod_get devm_add_action devm_ioremap devm_ioremap_resource devm_platform_ioremap_resource ' +
  'request_firmware request_module pci_enable_device pci_alloc_irq_vectors';
/** They allocate with GFP_KERNEL. */
const CREATING =
  'alloc_workqueue alloc_ordered_workqueue kthread_create kthread_run kthread_create_on_node kthread_create_worker ' +
  'kmem_cache_create mempool_create mempool_create_kmalloc_pool mempool_create_slab_pool dma_pool_create dmam_pool_create ' +
  'alloc_netdev alloc_netdev_mqs alloc_netdev_mq alloc_etherdev alloc_etherdev_mq alloc_etherdev_mqs register_netdev ' +
  'register_chrdev alloc_chrdev_region cdev_add cdev_alloc device_register device_create device_add class_create ' +
  'platform_device_register platform_device_alloc kobject_create_and_add kset_create_and_add sysfs_create_file ' +
  'sysfs_create_group proc_create proc_create_data proc_mkdir debugfs_create_dir debugfs_create_file blk_mq_alloc_tag_set ' +
  'blk_mq_alloc_disk blkdev_issue_flush bioset_init filp_open d_alloc register_blkdev snd_card_new snd_pcm_new ' +
  'input_register_device input_allocate_device usb_alloc_dev misc_register crypto_alloc_skcipher crypto_alloc_shash ' +
  'crypto_alloc_ahash crypto_alloc_aead vmap';
const ENDING =
  'destroy_workqueue kmem_cache_destroy kmem_cache_shrink dma_pool_destroy unregister_netdev free_netdev device_del ' +
  'sysfs_remove_group remove_proc_entry blk_mq_freeze_queue new_inode submit_bio_wait kernel_read vunmap kmap';

/** Masks that are stored, combined or looked at, and never reach an allocator in the call. */
const INSPECTING: readonly (readonly [position: number, names: string])[] = [
  [
    0,
    'gfpflags_allow_blocking gfpflags_allow_spinning gfpflags_normal_context gfp_zone gfp_migratetype gfp_zonelist gfp_nested_mask gfp_has_io_fs gfp_compaction_allowed ' +
      'gfp_pfmemalloc_allowed current_gfp_context fs_reclaim_acquire fs_reclaim_release bpf_memcg_flags want_init_on_alloc kmalloc_type vmpressure vmpressure_prio warn_alloc',
  ],
  [
    1,
    'INIT_RADIX_TREE RADIX_TREE xa_init_flags mapping_set_gfp_mask mapping_gfp_constraint sk_gfp_mask htlb_modify_alloc_mask node_zonelist wakeup_kswapd ' +
      'should_failslab __should_failslab cpuset_node_allowed cpuset_zone_allowed',
  ],
];

/** Inspected by the mechanical reading of the headers, although the mask decides whether they sleep. */
const SLEEPING_BY_MASK: readonly (readonly [position: number, names: string])[] = [
  [0, 'might_alloc try_to_compact_pages'],
  [1, 'filemap_release_folio try_to_release_page obj_cgroup_charge'],
  [2, 'mem_cgroup_charge mem_cgroup_charge_skmem try_to_free_pages try_to_free_mem_cgroup_pages'],
  [3, 'arch_dma_alloc'],
];

/**
 * The mask is for what they allocate; then they wait for a transfer, a command of the host controller, a bio or the migration of pages, whatever
 * it says (drivers/usb/core/message.c: usb_control_msg(); block/blk-lib.c: submit_bio_wait(); mm/page_alloc.c: __alloc_contig_migrate_range()).
 */
const WAITING_WITH_MASK: readonly (readonly [position: number, names: string])[] = [
  [9, 'usb_control_msg_send usb_control_msg_recv'],
  [4, 'usb_alloc_streams'],
  [
    3,
    'usb_free_streams blkdev_issue_discard blkdev_issue_secure_erase blkdev_issue_zeroout sb_issue_discard sb_issue_zeroout alloc_contig_range',
  ],
];

const BOTH = '6.1, 6.12';

export const SLEEP_FUNCTIONS: readonly FunctionRow[] = [
  ...allWithoutMask(WAITING, `kernel/ and include/linux/ (${BOTH})`, { sleeps: 'always' }),
  ...allWithoutMask(SLEEPING_LOCKS, `kernel/locking/ and include/linux/ (${BOTH})`, { sleeps: 'always' }),
  ...allWithoutMask(DEVICES, `drivers/ and include/linux/ (${BOTH})`, { sleeps: 'always' }),
  ...allWithoutMask(CREATING, `include/linux/ (${BOTH})`, { sleeps: 'always', fixedMask: ['GFP_KERNEL'] }),
  ...allWithoutMask(ENDING, `include/linux/ (${BOTH})`, { sleeps: 'always' }),
  // It waits whatever the mask says.
  takesMask('memalloc_retry_wait', 0, `include/linux/sched/mm.h (${BOTH})`, { sleeps: 'always' }),
  ...WAITING_WITH_MASK.flatMap(([position, names]) =>
    words(names).map((name) => takesMask(name, position, `include/linux/ (${BOTH})`, { sleeps: 'always', failure: 'errno' })),
  ),
  // They drop the lock they are given while they wait.
  ...allWithoutMask('wait_event_lock_irq wait_event_lock_irq_cmd', `include/linux/wait.h (${BOTH})`, { sleeps: 'never' }),
  ...INSPECTING.flatMap(([position, names]) =>
    words(names).map((name) => takesMask(name, position, `include/linux/ (${BOTH})`, { sleeps: 'never' })),
  ),
  ...SLEEPING_BY_MASK.flatMap(([position, names]) => words(names).map((name) => takesMask(name, position, `include/linux/ (${BOTH})`))),
];
