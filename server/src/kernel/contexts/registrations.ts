import type { CallbackRow } from '../model';
import { ATOMIC, members, PROCESS, RCU, registering, SOFTIRQ } from './callbackKinds';

/**
 * Functions that take a callback and are called from all over the tree, with the position of the callback; those that hand it on are found by themselves.
 * Read in 6.1 and 6.12.
 */
export const FUNCTIONS_WITH_CALLBACKS: readonly CallbackRow[] = [
  // include/net/mac80211.h: "the iterator callback function must be atomic"
  ...registering(RCU, 'ieee80211_iterate_active_interfaces_atomic', [2], 'include/net/mac80211.h, net/mac80211/util.c'),
  ...registering(RCU, 'ieee80211_iterate_stations_atomic ieee80211_iter_chan_contexts_atomic', [1], 'include/net/mac80211.h'),
  ...registering(RCU, 'ieee80211_iter_keys_rcu', [2], 'include/net/mac80211.h'),
  ...registering(PROCESS, 'ieee80211_iterate_active_interfaces ieee80211_iterate_interfaces', [2], 'include/net/mac80211.h'),
  ...registering(PROCESS, 'ieee80211_iterate_stations', [1], 'include/net/mac80211.h'),
  // net/wireless/core.c: cfg80211_wiphy_work(), with the mutex of the wiphy
  ...registering(PROCESS, 'wiphy_work_init wiphy_delayed_work_init', [1], 'net/wireless/core.c: cfg80211_wiphy_work()'),
  ...registering(SOFTIRQ, 'netif_napi_add_tx netif_napi_add_weight netif_napi_add_tx_weight', [2], 'include/linux/netdevice.h'),
  // net/netfilter/nf_conntrack_proto.c: nf_confirm() and the helper hook, in an RCU section
  ...registering(RCU, 'nf_ct_helper_init', [9], 'net/netfilter/nf_conntrack_proto.c'),
  ...members(RCU, 'nf_conntrack_helper', 'help', 'net/netfilter/nf_conntrack_proto.c'),
  // drivers/input/ff-memless.c: ml_play_effects() is called with dev->event_lock, and from a timer
  ...registering(ATOMIC, 'input_ff_create_memless', [2], 'drivers/input/ff-memless.c'),
  // lib/percpu-refcount.c: "Note that @release must not sleep - it may potentially be called from RCU callback context"
  ...registering(ATOMIC, 'percpu_ref_init', [1], 'lib/percpu-refcount.c'),
  // kernel/rcu: rcu_do_batch() and rcu_tasks_invoke_cbs() turn softirqs off
  ...registering(RCU, 'call_rcu_hurry call_rcu_tasks call_rcu_tasks_trace', [1], 'kernel/rcu/tasks.h: rcu_tasks_invoke_cbs()'),

  // drivers/base: the end of a device's life, or a failed allocation in its probe function
  ...registering(PROCESS, 'devm_add_action devm_add_action_or_reset drmm_add_action_or_reset', [1], 'drivers/base/devres.c'),
  ...registering(PROCESS, 'devm_work_autocancel devm_delayed_work_autocancel', [2], 'include/linux/devm-helpers.h'),
  ...registering(PROCESS, 'platform_driver_probe builtin_platform_driver_probe', [1], 'drivers/base/platform.c'),
  ...registering(PROCESS, '__ATTR', [2, 3], 'include/linux/sysfs.h: called through kernfs'),
  ...registering(PROCESS, 'module_param_call', [1, 2], 'kernel/params.c: with a mutex'),
  // fs/seq_file.c: the iterator of single_open() takes nothing
  ...registering(PROCESS, 'single_open', [1], 'fs/seq_file.c'),
  ...registering(PROCESS, 'debugfs_create_devm_seqfile', [3], 'fs/debugfs/file.c'),
  ...registering(PROCESS, 'snd_card_ro_proc_new', [3], 'sound/core/info.c'),
  ...registering(PROCESS, 'get_tree_bdev get_tree_nodev get_tree_single', [1], 'fs/super.c: fill_super()'),
  ...registering(PROCESS, 'mount_bdev', [4], 'fs/super.c: fill_super()'),
  ...registering(PROCESS, 'mount_nodev mount_single', [3], 'fs/super.c: fill_super()'),
  // drivers/mmc/core/sdio_irq.c: sdio_irq_thread() and sdio_irq_work(), with the host claimed
  ...registering(PROCESS, 'sdio_claim_irq', [1], 'drivers/mmc/core/sdio_irq.c: process_sdio_pending_irqs()'),
  // drivers/net/phy/phy.c: phy_state_machine() is a work item and holds a mutex
  ...registering(PROCESS, 'phy_connect_direct phy_connect of_phy_connect', [2], 'drivers/net/phy/phy.c: phy_link_up()'),
  ...registering(
    PROCESS,
    'of_dma_controller_register devm_of_clk_add_hw_provider of_clk_add_hw_provider',
    [1],
    'drivers/dma/of-dma.c, drivers/clk/clk.c',
  ),
  ...registering(PROCESS, 'acpi_install_notify_handler', [2], 'drivers/acpi/osl.c: acpi_os_execute() makes a work item of it'),
  ...registering(PROCESS, 'input_setup_polling', [1], 'drivers/input/input-poller.c: a work item'),
  ...registering(PROCESS, 'v4l2_m2m_ctx_init', [2], 'drivers/media/v4l2-core/v4l2-mem2mem.c: calls it at once'),
  ...registering(PROCESS, 'usb_add_config', [2], 'drivers/usb/gadget/composite.c: calls it at once, from the bind function'),
  // drivers/iio/buffer/industrialio-triggered-buffer.c: (h, thread)
  ...registering(ATOMIC, 'iio_triggered_buffer_setup', [1], 'drivers/iio/buffer/industrialio-triggered-buffer.c'),
  ...registering(PROCESS, 'iio_triggered_buffer_setup', [2], 'drivers/iio/buffer/industrialio-triggered-buffer.c'),
  ...registering(ATOMIC, 'devm_iio_triggered_buffer_setup', [2], 'drivers/iio/buffer/industrialio-triggered-buffer.c'),
  ...registering(PROCESS, 'devm_iio_triggered_buffer_setup', [3], 'drivers/iio/buffer/industrialio-triggered-buffer.c'),
];
