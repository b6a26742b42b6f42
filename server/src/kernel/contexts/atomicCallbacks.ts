import type { CallbackRow } from '../model';
import { ATOMIC, HARDIRQ, MOSTLY_ATOMIC, members, RCU, registering, SOFTIRQ } from './callbackKinds';

/** Callbacks of the network that must not sleep. Read in 6.1 and 6.12. */
const NETWORK: readonly CallbackRow[] = [
  ...members(RCU, 'lwtunnel_encap_ops', 'output input xmit', 'net/core/lwtunnel.c: lwtunnel_output(), lwtunnel_xmit()'),
  ...members(SOFTIRQ, 'dsa_device_ops', 'xmit rcv', 'net/dsa: ndo_start_xmit and packet_type.func of the switch'),
  ...['xfrm_tunnel', 'xfrm6_tunnel', 'xfrm4_protocol', 'xfrm6_protocol'].flatMap((owner) =>
    members(RCU, owner, 'handler input_handler cb_handler err_handler', 'net/ipv4/tunnel4.c, net/ipv6/tunnel6.c, xfrm4_protocol.c'),
  ),
  ...members(RCU, 'l3mdev_ops', 'l3mdev_l3_rcv l3mdev_l3_out l3mdev_link_scope_lookup', 'include/net/l3mdev.h'),
  ...members(RCU, 'fib_rules_ops', 'action match suppress', 'net/core/fib_rules.c: fib_rules_lookup()'),
  ...members(
    RCU,
    'xfrm_mgr',
    'notify acquire compile_policy new_mapping notify_policy report migrate is_alive',
    'net/xfrm/xfrm_state.c: km_query(), km_state_notify()',
  ),
  ...members(ATOMIC, 'xfrmdev_ops', 'xdo_dev_state_delete', 'net/xfrm/xfrm_state.c: __xfrm_state_delete(), under x->lock'),
  ...members(RCU, 'xfrmdev_ops', 'xdo_dev_offload_ok xdo_dev_state_advance_esn', 'net/xfrm/xfrm_device.c, xfrm_replay.c'),
  ...members(RCU, 'inet_connection_sock_af_ops', 'conn_request', 'net/ipv4/tcp_input.c: tcp_rcv_state_process()'),
  ...members(SOFTIRQ, 'inet_connection_sock_af_ops', 'syn_recv_sock', 'net/ipv4/tcp_minisocks.c: tcp_check_req()'),
  // net/core/neighbour.c: ___neigh_create() is called from output paths, neigh_destroy() by whoever drops the last reference
  ...members(ATOMIC, 'net_device_ops', 'ndo_neigh_construct ndo_neigh_destroy', 'net/core/neighbour.c'),
  ...members(ATOMIC, 'neigh_table', 'constructor', 'net/core/neighbour.c: ___neigh_create()'),
  ...members(SOFTIRQ, 'neigh_table', 'proxy_redo', 'net/core/neighbour.c: neigh_proxy_process()'),
  ...members(SOFTIRQ, 'net_device_ops', 'ndo_rx_flow_steer', 'net/core/dev.c: set_rps_cpu()'),
  ...members(RCU, 'nf_ct_event_notifier', 'ct_event exp_event', 'net/netfilter/nf_conntrack_ecache.c'),
  ...members(RCU, 'nf_queue_handler', 'outfn', 'net/netfilter/nf_queue.c: nf_queue()'),
  ...members(RCU, 'nf_logger', 'logfn', 'net/netfilter/nf_log.c: nf_log_packet()'),
  ...members(ATOMIC, 'ip_set_type_variant', 'kadt uadt', 'net/netfilter/ipset/ip_set_core.c: under the lock of the set'),
  ...members(RCU, 'ip_vs_scheduler', 'schedule', 'net/netfilter/ipvs/ip_vs_core.c: ip_vs_schedule()'),
  ...members(RCU, 'ip_vs_app', 'pkt_in pkt_out', 'net/netfilter/ipvs/ip_vs_app.c'),
  ...members(RCU, 'ip_vs_pe', 'fill_param', 'net/netfilter/ipvs/ip_vs_pe.c'),
  ...members(RCU, 'tcf_ematch_ops', 'match', 'net/sched/ematch.c: __tcf_em_tree_match()'),
  ...members(SOFTIRQ, 'team_mode_ops', 'transmit receive', 'drivers/net/team: team_xmit(), team_handle_frame()'),
  ...members(SOFTIRQ, 'hdlc_proto', 'xmit netif_rx', 'drivers/net/wan/hdlc.c: hdlc_start_xmit(), hdlc_rcv()'),
  ...members(ATOMIC, 'ppp_channel_ops', 'start_xmit', 'drivers/net/ppp/ppp_generic.c: under pch->downl'),
  ...members(ATOMIC, 'compressor', 'compress decompress', 'drivers/net/ppp/ppp_generic.c: under ppp->wlock, ppp->rlock'),
  ...members(SOFTIRQ, 'ieee802154_ops', 'xmit_async', 'net/mac802154/tx.c'),
  ...members(
    ATOMIC,
    'ieee80211_ops',
    'prepare_multicast set_tim update_tkip_key sta_rc_update link_sta_rc_update sta_rate_tbl_update event_callback ' +
      'release_buffered_frames allow_buffered_frames',
    'include/net/mac80211.h: "must be atomic"',
  ),
  ...members(ATOMIC, 'ieee80211_ops', 'ipv6_addr_change', 'include/net/mac80211.h: "must not sleep"'),
  ...members(ATOMIC, 'sock', 'sk_validate_xmit_skb', 'net/core/dev.c: __dev_queue_xmit(), softirqs off'),
  ...members(RCU, 'nft_set_ops', 'lookup update', 'net/netfilter/nft_lookup.c, nft_dynset.c: while a packet is judged'),
  ...registering(RCU, 'llc_sap_open register_snap_client register_8022_client', [1], 'net/llc/llc_input.c: llc_rcv(); net/802/psnap.c'),
  ...members(
    ATOMIC,
    'rate_control_ops',
    'rate_init rate_update tx_status tx_status_ext get_rate',
    'net/mac80211/rate.c: sta->rate_ctrl_lock',
  ),
  // net/iucv/iucv.c: iucv_tasklet_fn() and iucv_work_fn(), both under iucv_table_lock
  ...members(ATOMIC, 'iucv_handler', 'path_pending path_complete path_severed message_pending message_complete', 'net/iucv/iucv.c'),
  ...registering(RCU, 'can_rx_register', [4], 'net/can/af_can.c: can_rcv_filter()'),
  // drivers/net/usb/usbnet.c: usbnet_bh() is a tasklet, intr_complete() the completion of a URB
  ...members(SOFTIRQ, 'driver_info', 'rx_fixup status', 'drivers/net/usb/usbnet.c: rx_process(), intr_complete()'),
  ...members(ATOMIC, 'driver_info', 'tx_fixup', 'drivers/net/usb/usbnet.c: usbnet_start_xmit()'),
  ...members(SOFTIRQ, 'bonding', 'recv_probe', 'drivers/net/bonding/bond_main.c: bond_handle_frame()'),
  ...members(
    ATOMIC,
    'iwl_op_mode_ops',
    'rx rx_rss queue_full queue_not_full free_skb cmd_queue_full',
    'drivers/net/wireless/intel/iwlwifi/iwl-op-mode.h: "must be atomic", "can\'t sleep"',
  ),
  ...registering(ATOMIC, 'iwl_init_notification_wait', [4], 'drivers/net/wireless/intel/iwlwifi/fw/notif-wait.c: under a spinlock'),
  // PCI: NAPI; USB and SDIO: a thread
  ...members(MOSTLY_ATOMIC, 'mt76_driver_ops', 'rx_skb rx_check tx_complete_skb', 'drivers/net/wireless/mediatek/mt76/dma.c'),
  ...registering(
    RCU,
    'MLXSW_RXL MLXSW_RXL_DIS MLXSW_RXL_MIRROR MLXSW_EVENTL MLXSW_CORE_EVENTL MLXSW_SP_EVENTL',
    [0],
    'drivers/net/ethernet/mellanox/mlxsw/core.c: mlxsw_core_skb_receive(), from a tasklet',
  ),
  ...members(SOFTIRQ, 'qed_ll2_cb_ops', 'rx_cb tx_cb', 'drivers/net/ethernet/qlogic/qed/qed_ll2.c: from qed_int_sp_dpc()'),
  ...registering(SOFTIRQ, 'qed_int_register_cb', [1], 'drivers/net/ethernet/qlogic/qed/qed_int.c: qed_int_sp_dpc(), a tasklet'),
  ...registering(
    SOFTIRQ,
    'qed_spq_register_async_cb',
    [2],
    'drivers/net/ethernet/qlogic/qed/qed_spq.c: qed_eq_completion(), in that tasklet',
  ),
  // drivers/net/ethernet/chelsio: handlers of what the hardware answers, from napi_rx_handler() and ofld_poll()
  ...members(SOFTIRQ, 'cxgb4_uld_info', 'rx_handler lro_rx_handler', 'drivers/net/ethernet/chelsio/cxgb4/cxgb4_uld.c: uldrx_handler()'),
  ...registering(SOFTIRQ, 't3_register_cpl_handler', [1], 'drivers/net/ethernet/chelsio/cxgb3/cxgb3_offload.c: process_rx()'),
  ...members(RCU, 'cnic_ulp_ops', 'indicate_kcqes', 'drivers/net/ethernet/broadcom/cnic.c: service_kcqes(), cnic_send_nlmsg()'),
  // drivers/net/wireless/ath: tasklets of the copy engine; ath10k has busses with a thread as well
  ...['ath11k_htc_ep_ops', 'ath12k_htc_ep_ops'].flatMap((owner) =>
    members(SOFTIRQ, owner, 'ep_rx_complete ep_tx_complete', 'drivers/net/wireless/ath/ath11k/ce.c: ath11k_ce_per_engine_service()'),
  ),
  ...members(MOSTLY_ATOMIC, 'ath10k_htc_ep_ops', 'ep_rx_complete ep_tx_complete', 'drivers/net/wireless/ath/ath10k/pci.c: napi'),
  ...registering(SOFTIRQ, 'ipc_task_queue_send_task', [1], 'drivers/net/wwan/iosm/iosm_ipc_task_queue.c: ipc_task_queue_handler()'),
  // under bh_lock_sock(), or when the socket's owner lets it go
  ...members(MOSTLY_ATOMIC, 'proto', 'backlog_rcv', 'include/net/sock.h: sk_backlog_rcv(); net/core/sock.c: __sk_receive_skb()'),
  ...members(MOSTLY_ATOMIC, 'sock', 'sk_backlog_rcv', 'include/net/sock.h: sk_backlog_rcv(); net/core/sock.c: __sk_receive_skb()'),
  ...registering(MOSTLY_ATOMIC, 'sctp_inq_set_th_handler', [1], 'net/sctp/inqueue.c: sctp_inq_push(), under bh_lock_sock()'),
  // chains of ATOMIC_NOTIFIER_HEAD
  ...registering(RCU, 'mlx5_notifier_register', [1], 'drivers/net/ethernet/mellanox/mlx5/core/events.c'),
  ...registering(RCU, 'register_fib_notifier', [1], 'net/core/fib_notifier.c'),
  ...registering(RCU, 'register_switchdev_notifier', [0], 'net/switchdev/switchdev.c'),
  ...registering(RCU, 'register_dcbevent_notifier', [0], 'net/dcb/dcbevent.c'),
  ...registering(RCU, 'register_atmdevice_notifier', [0], 'net/atm/common.c'),
];

/** Callbacks of devices and busses that must not sleep. Read in 6.1 and 6.12. */
const DEVICES: readonly CallbackRow[] = [
  ...registering(RCU, 'register_vt_notifier', [0], 'drivers/tty/vt/vt.c'),
  ...registering(RCU, 'register_restart_handler', [0], 'kernel/reboot.c'),
  ...registering(RCU, 'usb_register_notifier', [1], 'include/linux/usb/phy.h, drivers/usb/phy/phy.c'),
  ...registering(RCU, 'MLX5_NB_INIT', [1], 'drivers/net/ethernet/mellanox/mlx5/core/eq.c: ATOMIC_INIT_NOTIFIER_HEAD()'),
  // drivers/usb/gadget/composite.c: interrupts, and cdev->lock around set_config(), reset_config() and set_alt()
  ...members(ATOMIC, 'usb_function', 'set_alt disable setup suspend resume', 'drivers/usb/gadget/composite.c'),
  ...members(ATOMIC, 'usb_gadget_driver', 'reset suspend', 'include/linux/usb/gadget.h: "called in_interrupt"'),
  ...members(
    ATOMIC,
    'usb_ep_ops',
    'enable disable dequeue set_halt set_wedge fifo_status fifo_flush',
    'drivers/usb/gadget/udc/core.c: usb_ep_enable(): "may be called in an atomic (interrupt) context"',
  ),
  ...members(ATOMIC, 'hc_driver', 'hub_status_data', 'drivers/usb/core/hcd.c: usb_hcd_poll_rh_status(), from a timer'),
  ...members(ATOMIC, 'sd_desc', 'pkt_scan int_pkt_scan', 'drivers/media/usb/gspca/gspca.c: completion of URBs'),
  ...members(RCU, 'fw_address_handler', 'address_callback', 'include/linux/firewire.h: "must not sleep"'),
  ...registering(SOFTIRQ, 'fw_send_request', [9], 'drivers/firewire/core-transaction.c: transmit_complete_callback()'),
  ...members(ATOMIC, 'tty_operations', 'start stop', 'drivers/tty/tty_io.c: under tty->flow.lock'),
  ...members(ATOMIC, 'ff_device', 'playback set_gain set_autocenter', 'drivers/input/ff-core.c: under dev->event_lock'),
  ...members(ATOMIC, 'input_handler', 'filter events', 'drivers/input/input.c: under dev->event_lock'),
  ...members(ATOMIC, 'mbox_client', 'tx_prepare', 'drivers/mailbox/mailbox.c: msg_submit(), under chan->lock'),
  ...members(ATOMIC, 'snd_timer_hardware', 'start stop', 'sound/core/timer.c: under timer->lock'),
  ...members(ATOMIC, 'snd_timer_instance', 'callback ccallback', 'sound/core/timer.c: snd_timer_interrupt(), with interrupts off'),
  ...members(ATOMIC, 'iscsi_transport', 'alloc_pdu', 'drivers/scsi/libiscsi.c: under frwd_lock'),
  ...members(ATOMIC, 'iscsi_transport', 'init_task cleanup_task', 'drivers/scsi/libiscsi.c: under frwd_lock, back_lock'),
  // drivers/hv/connection.c: a tasklet, or the interrupt itself
  ...registering(SOFTIRQ, 'vmbus_open', [5], 'drivers/hv/connection.c: vmbus_on_event()'),
  ...registering(ATOMIC, 'virtio_find_single_vq', [1], 'drivers/virtio/virtio_ring.c: vring_interrupt()'),
  // the callbacks of a table that the function itself holds
  ...registering(ATOMIC, 'virtio_find_vqs virtio_find_vqs_ctx', [3], 'drivers/virtio/virtio_ring.c: vring_interrupt()'),
  ...members(ATOMIC, 'virtqueue_info', 'callback', 'drivers/virtio/virtio_ring.c: vring_interrupt()'),
  ...registering(ATOMIC, 'acpi_install_gpe_handler', [3], 'drivers/acpi/acpica/evgpe.c: acpi_ev_detect_gpe()'),
  ...registering(ATOMIC, 'acpi_install_fixed_event_handler', [1], 'drivers/acpi/acpica/evevent.c'),
  ...members(ATOMIC, 'ib_device_ops', 'post_recv post_srq_recv req_notify_cq', 'Documentation/infiniband/core_locking.rst'),
  ...registering(ATOMIC, 'ib_create_cq', [1], 'Documentation/infiniband/core_locking.rst'),
  // the transport decides: drivers/rpmsg/qcom_smd.c under a spinlock, drivers/rpmsg/virtio_rpmsg_bus.c under a mutex
  ...members(MOSTLY_ATOMIC, 'rpmsg_driver', 'callback', 'drivers/rpmsg/qcom_smd.c: qcom_smd_channel_recv_single()'),
  ...registering(MOSTLY_ATOMIC, 'rpmsg_create_ept', [1], 'drivers/rpmsg/qcom_smd.c: qcom_smd_channel_recv_single()'),
  ...members(ATOMIC, 'hv_ops', 'get_chars put_chars', 'drivers/tty/hvc/hvc_console.c: under hp->lock'),
  ...members(SOFTIRQ, 'mhi_driver', 'ul_xfer_cb dl_xfer_cb', 'drivers/bus/mhi/host/main.c: parse_xfer_event(), from mhi_ev_task()'),
  // What is delegated is processed in a work item.
  ...members(
    { ...HARDIRQ, excusedBy: 'amdgpu_irq_delegate' },
    'amdgpu_irq_src_funcs',
    'process',
    'drivers/gpu/drm/amd/amdgpu/amdgpu_irq.c: amdgpu_irq_dispatch(), from amdgpu_ih_process()',
  ),
  ...members(ATOMIC, 'amdgpu_irq_src_funcs', 'set', 'drivers/gpu/drm/amd/amdgpu/amdgpu_irq.c: amdgpu_irq_update(), under adev->irq.lock'),
  ...members(ATOMIC, 'sclp_register', 'receiver_fn state_change_fn', 'drivers/s390/char/sclp.c: sclp_dispatch_evbufs(), an interrupt'),
  ...members(HARDIRQ, 'qdio_initialize', 'input_handler output_handler irq_poll', 'drivers/s390/cio/qdio_main.c: qdio_int_handler()'),
  ...members(ATOMIC, 'ipmi_user_hndl', 'ipmi_recv_hndl', 'include/linux/ipmi.h: "called with some locks held"'),
  ...registering(ATOMIC, 'gnttab_request_free_callback', [1], 'drivers/xen/grant-table.c: under gnttab_list_lock'),
  ...members(MOSTLY_ATOMIC, 'fb_ops', 'fb_cursor fb_fillrect fb_copyarea', 'drivers/video/fbdev/core/fbcon.c: from printk()'),
  // the reply decides what they do: some of their calls belong to error handling
  ...registering(MOSTLY_ATOMIC, 'mpt3sas_base_register_callback_handler', [0], 'drivers/scsi/mpt3sas/mpt3sas_base.c: _base_interrupt()'),
  ...registering(MOSTLY_ATOMIC, 'mpt_register', [0], 'drivers/message/fusion/mptbase.c: mpt_interrupt()'),
  ...registering(ATOMIC, 'mpt_event_register', [1], 'drivers/message/fusion/mptbase.c: ProcessEventNotification(), from mpt_interrupt()'),
  // drivers/scsi/scsi_host.h: DEF_SCSI_QCMD() calls the function with the host's lock held
  ...registering(ATOMIC, 'DEF_SCSI_QCMD', [0], 'include/scsi/scsi_host.h: under shost->host_lock'),
];

/** Callbacks of the core that must not sleep. Read in 6.1 and 6.12. */
const CORE: readonly CallbackRow[] = [
  ...registering(ATOMIC, 'register_trace_*', [0], 'include/linux/tracepoint.h: __DO_TRACE() turns preemption off'),
  ...members(ATOMIC, 'blkcg_policy', 'pd_init_fn pd_online_fn pd_offline_fn', 'block/blk-cgroup.c: under queue_lock'),
  ...members(ATOMIC, 'pstore_info', 'write', 'fs/pstore/platform.c: pstore_dump(), under psinfo->buf_lock'),
  ...members(
    ATOMIC,
    'irq_chip',
    'irq_startup irq_shutdown irq_set_vcpu_affinity irq_write_msi_msg irq_compose_msi_msg',
    'kernel/irq: under desc->lock',
  ),
  ...members(MOSTLY_ATOMIC, 'irq_domain_ops', 'activate deactivate', 'kernel/irq/manage.c: __setup_irq(), under desc->lock'),
  ...members(
    ATOMIC,
    'clock_event_device',
    'set_state_periodic set_state_oneshot set_state_shutdown tick_resume',
    'kernel/time/clockevents.c',
  ),
  ...members(ATOMIC, 'pmu', 'del start stop read', 'include/linux/perf_event.h: with interrupts or preemption off'),
  // what a resume function makes is mostly there already
  ...members(MOSTLY_ATOMIC, 'syscore_ops', 'resume', 'drivers/base/syscore.c: with interrupts off'),
  ...members(
    ATOMIC,
    'mmu_notifier_ops',
    'invalidate_range arch_invalidate_secondary_tlbs change_pte',
    'include/linux/mmu_notifier.h: under the lock of the page table',
  ),
  ...members(RCU, 'kmsg_dumper', 'dump', 'kernel/printk/printk.c: kmsg_dump()'),
  ...registering(ATOMIC, 'alarm_init', [2], 'kernel/time/alarmtimer.c: alarmtimer_fired()'),
  ...registering(RCU, 'percpu_ref_kill_and_confirm percpu_ref_switch_to_atomic', [1], 'lib/percpu-refcount.c'),
  ...members(ATOMIC, 'kprobe', 'post_handler', 'Documentation/trace/kprobes.rst'),
  ...members(ATOMIC, 'kretprobe', 'entry_handler', 'Documentation/trace/kprobes.rst'),
  ...members(ATOMIC, 'cgroup_subsys', 'css_rstat_flush', 'kernel/cgroup/rstat.c: cgroup_rstat_lock'),
  ...members(ATOMIC, 'scomp_alg', 'compress decompress', 'crypto/scompress.c: under scratch->lock'),
  ...members(ATOMIC, 'iommu_flush_ops', 'tlb_flush_all tlb_flush_walk tlb_add_page', 'drivers/iommu: called from dma_unmap_*()'),
  // nobody calls them so for domains that no DMA-API goes through: as it is with unmap_pages in the table
  ...members(
    MOSTLY_ATOMIC,
    'iommu_domain_ops',
    'unmap iova_to_phys flush_iotlb_all iotlb_sync',
    'drivers/iommu/dma-iommu.c: __iommu_dma_unmap(), fq_flush_timeout()',
  ),
  ...members(
    ATOMIC,
    'dma_map_ops',
    'map_page unmap_page map_sg unmap_sg map_resource unmap_resource',
    'Documentation/core-api/dma-api-howto.rst: interrupt context',
  ),
  ...members(RCU, 'bpf_map_ops', 'map_push_elem map_pop_elem map_peek_elem', 'kernel/bpf/syscall.c: bpf_map_update_value()'),
];

/** Members of operation tables, and functions that take a callback, of contracts that forbid to sleep. */
export const ATOMIC_CALLBACKS: readonly CallbackRow[] = [...NETWORK, ...DEVICES, ...CORE];
