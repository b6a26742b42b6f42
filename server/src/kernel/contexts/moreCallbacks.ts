import type { CallbackRow } from '../model';
import { ATOMIC_CALLBACKS } from './atomicCallbacks';
import { ATTRIBUTE_CALLBACKS } from './attributeMacros';
import { ATOMIC, BY_REQUEST, FS_WAITS, IO_WAITS, members, PROCESS, RCU, RUNTIME_PM, registering, SOFTIRQ } from './callbackKinds';
import { DRIVER_CALLBACKS } from './driverCallbacks';
import { PROCESS_CALLBACKS } from './processCallbacks';
import { FUNCTIONS_WITH_CALLBACKS } from './registrations';

/** Callbacks of process context: callers hold mutexes at most. Read in 6.1. */
const MAY_SLEEP: readonly CallbackRow[] = [
  // net/netlink/af_netlink.c: netlink_rcv_skb() runs in sendmsg(); net/core/rtnetlink.c: rtnetlink_rcv_msg(), rtnl held for doit
  ...registering(PROCESS, 'netlink_rcv_skb', [1], 'net/netlink/af_netlink.c'),
  ...registering(PROCESS, 'rtnl_register', [2, 3], 'net/core/rtnetlink.c'),
  ...registering(PROCESS, 'rtnl_register_module', [3, 4], 'net/core/rtnetlink.c'),
  ...members(PROCESS, 'rtnl_link_ops', 'validate newlink changelink slave_changelink', 'net/core/rtnetlink.c'),
  ...['genl_ops', 'genl_small_ops', 'genl_split_ops'].flatMap((owner) => members(PROCESS, owner, 'doit dumpit', 'net/netlink/genetlink.c')),
  ...members(PROCESS, 'net_proto_family', 'create', 'net/socket.c: __sock_create(), outside of its RCU sections'),
  ...registering(PROCESS, 'hci_cmd_sync_queue hci_cmd_sync_submit', [1], 'net/bluetooth/hci_sync.c: hci_cmd_sync_work()'),
  ...registering(PROCESS, 'rdma_create_id', [1], 'drivers/infiniband/core/cma.c: called from work'),
  // drivers/gpu/drm/drm_ioctl.c
  ...registering(PROCESS, 'DRM_IOCTL_DEF_DRV DRM_IOCTL_DEF', [1], 'drivers/gpu/drm/drm_ioctl.c: drm_ioctl_kernel()'),
  ...members(PROCESS, 'drm_driver', 'open postclose dumb_create', 'drivers/gpu/drm/drm_file.c, drm_dumb_buffers.c'),
  // include/linux/device.h, pm.h
  ...registering(PROCESS, 'DEVICE_ATTR', [2, 3], 'include/linux/device.h, drivers/base/core.c'),
  ...registering(PROCESS, 'SIMPLE_DEV_PM_OPS DEFINE_SIMPLE_DEV_PM_OPS', [1, 2], 'include/linux/pm.h'),
  ...registering(PROCESS, 'SET_SYSTEM_SLEEP_PM_OPS SYSTEM_SLEEP_PM_OPS', [0, 1], 'include/linux/pm.h'),
  ...registering(PROCESS, 'EXPORT_SIMPLE_DEV_PM_OPS EXPORT_GPL_SIMPLE_DEV_PM_OPS', [1, 2], 'include/linux/pm.h'),
  ...registering(
    PROCESS,
    'SET_LATE_SYSTEM_SLEEP_PM_OPS LATE_SYSTEM_SLEEP_PM_OPS SET_NOIRQ_SYSTEM_SLEEP_PM_OPS NOIRQ_SYSTEM_SLEEP_PM_OPS',
    [0, 1],
    'include/linux/pm.h, drivers/base/power/main.c',
  ),
  ...members(
    PROCESS,
    'dev_pm_ops',
    'freeze thaw poweroff restore prepare complete suspend_late resume_early freeze_late thaw_early poweroff_late restore_early ' +
      'suspend_noirq resume_noirq freeze_noirq thaw_noirq poweroff_noirq restore_noirq',
    'drivers/base/power/main.c',
  ),
  ...members(RUNTIME_PM, 'dev_pm_ops', 'runtime_suspend runtime_resume runtime_idle', 'drivers/base/power/runtime.c'),
  ...registering(RUNTIME_PM, 'SET_RUNTIME_PM_OPS RUNTIME_PM_OPS', [0, 1, 2], 'include/linux/pm.h, drivers/base/power/runtime.c'),
  ...registering(RUNTIME_PM, 'UNIVERSAL_DEV_PM_OPS DEFINE_RUNTIME_DEV_PM_OPS', [1, 2, 3], 'include/linux/pm.h, pm_runtime.h'),
  ...members(PROCESS, 'bus_type', 'probe remove shutdown uevent', 'drivers/base/dd.c'),
  ...registering(PROCESS, 'module_platform_driver_probe', [1], 'drivers/base/platform.c'),
  ...members(
    PROCESS,
    'pci_error_handlers',
    'mmio_enabled slot_reset reset_prepare reset_done resume cor_error_detected',
    'Documentation/PCI/pci-error-recovery.rst, drivers/pci/pcie/err.c',
  ),
  ...members(PROCESS, 'pci_driver', 'suspend resume sriov_configure', 'drivers/pci/pci-driver.c, iov.c'),
  ...members(PROCESS, 'component_master_ops', 'bind unbind', 'drivers/base/component.c'),
  ...registering(PROCESS, 'smp_call_on_cpu', [1], 'kernel/smp.c: runs in a work item'),
  ...registering(PROCESS, 'dvb_attach', [0], 'include/media/dvbdev.h: calls it at once, from probe functions'),
  ...registering(PROCESS, 'proc_create_single proc_create_single_data', [3], 'fs/proc/generic.c'),
  // fs/namei.c, fs/xattr.c, fs/attr.c: with the inode locked
  ...members(
    PROCESS,
    'inode_operations',
    'mkdir rmdir symlink link unlink mknod rename setattr listxattr fiemap tmpfile atomic_open set_acl fileattr_set',
    'Documentation/filesystems/locking.rst',
  ),
  ...members(PROCESS, 'xattr_handler', 'get set', 'Documentation/filesystems/locking.rst'),
  ...members(PROCESS, 'super_operations', 'put_super statfs remount_fs freeze_fs unfreeze_fs', 'Documentation/filesystems/locking.rst'),
  ...members(PROCESS, 'fs_context_operations', 'get_tree parse_param reconfigure', 'fs/fs_context.c'),
  // drivers of buses
  ...members(
    PROCESS,
    'usb_serial_driver',
    'open close attach probe port_probe disconnect release ioctl tiocmset',
    'drivers/usb/serial/usb-serial.c',
  ),
  ...members(PROCESS, 'usb_driver', 'resume', 'drivers/usb/core/driver.c: usb_resume_interface()'),
  ...members(PROCESS, 'usb_serial_driver', 'resume reset_resume suspend', 'drivers/usb/serial/usb-serial.c'),
  ...members(PROCESS, 'hid_driver', 'input_configured input_mapping report_fixup', 'drivers/hid/hid-core.c, hid-input.c'),
  ...members(PROCESS, 'serio_driver', 'connect reconnect disconnect', 'drivers/input/serio/serio.c'),
  ...members(PROCESS, 'comedi_driver', 'attach auto_attach detach', 'drivers/comedi/drivers.c'),
  ...members(PROCESS, 'acpi_device_ops', 'add remove', 'drivers/acpi/bus.c'),
  ...members(PROCESS, 'v4l2_file_operations', 'open release unlocked_ioctl mmap', 'drivers/media/v4l2-core/v4l2-dev.c'),
  ...members(PROCESS, 'snd_soc_dai_link', 'init exit', 'sound/soc/soc-core.c'),
  ...members(
    PROCESS,
    'snd_soc_component_driver',
    'remove suspend resume open close hw_params hw_free pcm_construct',
    'sound/soc/soc-component.c',
  ),
  ...members(PROCESS, 'snd_soc_dai_ops', 'startup shutdown hw_free prepare set_sysclk set_fmt', 'sound/soc/soc-dai.c'),
  ...members(PROCESS, 'snd_soc_dai_driver', 'probe remove', 'sound/soc/soc-dai.c'),
];

/** Callbacks that must not sleep. Read in 6.1. */
const MUST_NOT_SLEEP: readonly CallbackRow[] = [
  // net/ipv4/ip_input.c, net/ipv6/ip6_input.c, icmp.c: in the receive path, inside an RCU section
  ...members(RCU, 'inet6_protocol', 'handler err_handler', 'net/ipv6/ip6_input.c: ip6_protocol_deliver_rcu()'),
  ...members(RCU, 'net_protocol', 'err_handler', 'net/ipv4/icmp.c: icmp_socket_deliver()'),
  ...members(SOFTIRQ, 'icmp_control', 'handler', 'net/ipv4/icmp.c: icmp_rcv()'),
  ...members(RCU, 'udp_tunnel_sock_cfg', 'encap_rcv encap_err_lookup encap_err_rcv gro_receive gro_complete', 'net/ipv4/udp.c'),
  ...members(RCU, 'offload_callbacks', 'gso_segment gro_receive gro_complete', 'net/core/gro.c'),
  ...members(SOFTIRQ, 'xfrm_type', 'input', 'net/xfrm/xfrm_input.c: under x->lock'),
  // net/netfilter: hooks run inside an RCU section, tables with softirqs off
  ...members(RCU, 'nft_expr_ops', 'eval', 'net/netfilter/nf_tables_core.c: nft_do_chain()'),
  ...members(RCU, 'nft_object_ops', 'eval', 'net/netfilter/nf_tables_core.c'),
  ...members(ATOMIC, 'xt_target', 'target', 'net/ipv4/netfilter/ip_tables.c: ipt_do_table()'),
  ...members(ATOMIC, 'xt_match', 'match', 'net/ipv4/netfilter/ip_tables.c: ipt_do_table()'),
  ...members(ATOMIC, 'tc_action_ops', 'act', 'net/sched/act_api.c: tcf_action_exec()'),
  ...members(ATOMIC, 'tcf_proto_ops', 'classify', 'net/sched/cls_api.c: tcf_classify()'),
  // drivers/usb/serial/generic.c: completion of URBs
  ...members(
    ATOMIC,
    'usb_serial_driver',
    'read_int_callback write_int_callback write_bulk_callback process_read_urb prepare_write_buffer',
    'drivers/usb/serial/usb-serial.c, generic.c',
  ),
  // drivers/s390/cio/device_fsm.c: interrupt handlers
  ...members(ATOMIC, 'ccw_device', 'handler', 'drivers/s390/cio/device_ops.c: ccw_device_call_handler()'),
  // Documentation/driver-api/dmaengine/provider.rst: "Any allocation you might do should be using the GFP_NOWAIT flag"
  ...members(
    ATOMIC,
    'dma_device',
    'device_prep_interleaved_dma device_prep_dma_xor device_prep_dma_xor_val device_prep_dma_pq device_prep_dma_pq_val device_prep_dma_memset ' +
      'device_prep_dma_memset_sg device_prep_dma_interrupt device_prep_dma_imm_data',
    'Documentation/driver-api/dmaengine/provider.rst',
  ),
  // Documentation/crypto/api-intro.rst: softirq and user context, CRYPTO_TFM_REQ_MAY_SLEEP says which
  ...['skcipher_alg', 'aead_alg'].flatMap((owner) => members(BY_REQUEST, owner, 'encrypt decrypt', 'Documentation/crypto/api-intro.rst')),
  ...members(BY_REQUEST, 'ahash_alg', 'init update final finup digest', 'Documentation/crypto/api-intro.rst'),
];

/** Callbacks that reclaim may wait for. Read in 6.1. */
const RECLAIM_WAITS: readonly CallbackRow[] = [
  // a storage interface of the same device is not ready before
  ...members(IO_WAITS, 'usb_driver', 'reset_resume', 'drivers/usb/core/driver.c: usb_reset_and_verify_device(), usb_resume_interface()'),
  ...members(IO_WAITS, 'usb_serial_driver', 'reset_resume', 'drivers/usb/serial/usb-serial.c: usb_serial_reset_resume()'),
  ...members(IO_WAITS, 'us_data', 'transport proto_handler transport_reset', 'drivers/usb/storage/usb.c: usb_stor_control_thread()'),
  // drivers/md: in the path of writeback
  ...members(IO_WAITS, 'target_type', 'map resume preresume presuspend postsuspend', 'drivers/md/dm.c, dm-table.c'),
  ...members(IO_WAITS, 'md_personality', 'make_request error_handler quiesce', 'drivers/md/md.c'),
  // drivers/scsi/libsas: called from error handling
  ...members(
    IO_WAITS,
    'sas_domain_function_template',
    'lldd_abort_task lldd_abort_task_set lldd_clear_task_set lldd_I_T_nexus_reset lldd_lu_reset lldd_query_task',
    'drivers/scsi/libsas/sas_scsi_host.c: error handling',
  ),
  ...members(IO_WAITS, 'mtd_blktrans_ops', 'readsect writesect discard flush', 'drivers/mtd/mtd_blkdevs.c'),
  // file systems: writeback and glocks
  ...members(FS_WAITS, 'iomap_writeback_ops', 'map_blocks prepare_ioend', 'fs/iomap/buffered-io.c'),
  ...members(FS_WAITS, 'gfs2_glock_operations', 'go_sync go_inval go_xmote_bh go_instantiate go_held', 'fs/gfs2/glock.c'),
  ...members(FS_WAITS, 'ceph_connection_operations', 'dispatch alloc_msg', 'net/ceph/messenger.c: ceph_con_workfn()'),
];

/** Rows that the generated table does not have. */
export const MORE_CALLBACKS: readonly CallbackRow[] = [
  ...MAY_SLEEP,
  ...PROCESS_CALLBACKS,
  ...ATTRIBUTE_CALLBACKS,
  ...DRIVER_CALLBACKS,
  ...MUST_NOT_SLEEP,
  ...ATOMIC_CALLBACKS,
  ...RECLAIM_WAITS,
  ...FUNCTIONS_WITH_CALLBACKS,
];
