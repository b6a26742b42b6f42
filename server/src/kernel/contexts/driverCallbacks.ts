import type { CallbackRow } from '../model';
import { members, PROCESS, registering } from './callbackKinds';

/** Macros and functions that register what a subsystem calls in process context. */
const REGISTERED: readonly CallbackRow[] = [
  // drivers/usb/gadget/functions.c: usb_get_function_instance(), with func_lock, and usb_get_function()
  ...registering(PROCESS, 'DECLARE_USB_FUNCTION_INIT DECLARE_USB_FUNCTION', [1, 2], 'drivers/usb/gadget/functions.c'),
  // While the system starts gfp_allowed_mask takes away what must not be waited for (mm/page_alloc.c).
  ...registering(
    PROCESS,
    'IRQCHIP_DECLARE CLK_OF_DECLARE CLK_OF_DECLARE_DRIVER TIMER_OF_DECLARE RESERVEDMEM_OF_DECLARE',
    [2],
    'include/linux/irqchip.h, clk-provider.h, clocksource.h: early boot',
  ),
  ...registering(PROCESS, 'IRQCHIP_MATCH', [1], 'drivers/irqchip/irqchip.c: platform_irqchip_probe(), or early boot'),
  ...registering(PROCESS, 'get_tree_bdev_flags get_tree_mtd', [1], 'fs/super.c, drivers/mtd/mtdsuper.c: fill_super()'),
  ...registering(PROCESS, 'trace_probe_create', [1], 'kernel/trace/trace_probe.c: calls it at once, in a write'),
  ...registering(
    PROCESS,
    'brcmf_fw_get_firmwares',
    [2],
    'drivers/net/wireless/broadcom/brcm80211/brcmfmac/firmware.c: a work item, or at once',
  ),
  ...registering(PROCESS, 'brcmf_fweh_register', [2], 'drivers/net/wireless/broadcom/brcm80211/brcmfmac/fweh.c: a work item'),
  // chains of BLOCKING_NOTIFIER_HEAD, and of netdev_chain with rtnl held
  ...registering(PROCESS, 'mlx5_blocking_notifier_register', [1], 'drivers/net/ethernet/mellanox/mlx5/core/events.c'),
  ...registering(PROCESS, 'register_netdevice_notifier_dev_net register_netdevice_notifier_net', [1], 'net/core/dev.c'),
  ...registering(PROCESS, 'bus_register_notifier', [1], 'drivers/base/bus.c'),
  ...registering(PROCESS, 'usb_register_notify', [0], 'drivers/usb/core/notify.c'),
  // sound/soc/soc-dapm.c: dapm_seq_check_event(), with the mutex of the card
  ...registering(PROCESS, 'SND_SOC_DAPM_HP SND_SOC_DAPM_SPK SND_SOC_DAPM_MIC', [1], 'include/sound/soc-dapm.h'),
  ...registering(PROCESS, 'SND_SOC_DAPM_SUPPLY', [4], 'include/sound/soc-dapm.h'),
  ...registering(
    PROCESS,
    'SND_SOC_DAPM_MUX_E SND_SOC_DAPM_DAC_E SND_SOC_DAPM_ADC_E SND_SOC_DAPM_SUPPLY_S',
    [5],
    'include/sound/soc-dapm.h',
  ),
  ...registering(
    PROCESS,
    'SND_SOC_DAPM_PGA_E SND_SOC_DAPM_MIXER_E SND_SOC_DAPM_OUT_DRV_E SND_SOC_DAPM_AIF_IN_E SND_SOC_DAPM_AIF_OUT_E',
    [6],
    'include/sound/soc-dapm.h',
  ),
  // sound/core/control.c: get and put of a control, with card->controls_rwsem
  ...registering(PROCESS, 'SOC_ENUM_EXT SND_SOC_BYTES_EXT SOC_SINGLE_BOOL_EXT', [2, 3], 'include/sound/soc.h'),
  ...registering(PROCESS, 'SOC_SINGLE_EXT SOC_SINGLE_EXT_TLV', [5, 6], 'include/sound/soc.h'),
  ...registering(PROCESS, 'SOC_DOUBLE_EXT SOC_DOUBLE_R_EXT_TLV', [6, 7], 'include/sound/soc.h'),
  ...registering(PROCESS, 'HDA_CODEC_ENTRY', [2], 'sound/pci/hda/hda_bind.c: hda_codec_driver_probe()'),
];

/** Members that the core of the kernel calls: parameters, devices, attributes. */
const CORE: readonly CallbackRow[] = [
  ...members(PROCESS, 'kernel_param_ops', 'set get', 'kernel/params.c: with a mutex, or early boot'),
  ...members(PROCESS, 'dyn_event_operations', 'create', 'kernel/trace/trace_dynevent.c: in a write'),
  ...['kobj_attribute', 'class_attribute', 'driver_attribute', 'bus_attribute', 'configfs_attribute', 'pci_slot_attribute'].flatMap(
    (owner) => members(PROCESS, owner, 'show store', 'fs/kernfs/file.c, fs/configfs/file.c: with the mutex of the open file'),
  ),
  ...members(PROCESS, 'bin_attribute', 'read write mmap', 'fs/sysfs/file.c: with the mutex of the open file'),
  ...members(PROCESS, 'configfs_group_operations', 'make_item make_group', 'fs/configfs/dir.c: in mkdir()'),
  ...members(PROCESS, 'class', 'devnode dev_uevent', 'drivers/base/core.c, devtmpfs.c'),
  ...members(PROCESS, 'device_type', 'devnode uevent', 'drivers/base/core.c, devtmpfs.c'),
  ...members(PROCESS, 'class_interface', 'add_dev remove_dev', 'drivers/base/core.c, class.c: with a mutex'),
  ...members(PROCESS, 'acpi_scan_handler', 'attach detach', 'drivers/acpi/scan.c'),
  ...members(PROCESS, 'hotplug_slot_ops', 'enable_slot disable_slot', 'drivers/pci/hotplug/pci_hotplug_core.c: in a write'),
  ...members(PROCESS, 'cpufreq_driver', 'init exit online offline', 'drivers/cpufreq/cpufreq.c: policy->rwsem'),
  ...members(PROCESS, 'cpufreq_governor', 'init exit start stop', 'drivers/cpufreq/cpufreq.c: policy->rwsem'),
  ...members(PROCESS, 'devfreq_governor', 'event_handler', 'drivers/devfreq/devfreq.c: with a mutex'),
  ...members(PROCESS, 'led_trigger', 'activate deactivate', 'drivers/leds/led-triggers.c: led_trigger_set(), with an rwsem'),
  ...members(PROCESS, 'hwrng', 'init cleanup', 'drivers/char/hw_random/core.c: rng_mutex, and a work item'),
  ...members(PROCESS, 'rproc_ops', 'prepare start stop load', 'drivers/remoteproc/remoteproc_core.c, remoteproc_internal.h: rproc->lock'),
  ...members(PROCESS, 'iommu_ops', 'domain_alloc domain_alloc_paging domain_alloc_user', 'drivers/iommu/iommu.c'),
  ...members(PROCESS, 'xenbus_driver', 'otherend_changed resume', 'drivers/xen/xenbus/xenbus_probe.c: from xenwatch_thread(), and pm'),
  ...members(PROCESS, 'virtio_driver', 'freeze restore', 'drivers/virtio/virtio.c'),
  ...members(PROCESS, 'vfio_device_ops', 'init open_device ioctl', 'drivers/vfio/vfio_main.c: opening, ioctl()'),
  ...members(PROCESS, 'tty_operations', 'install', 'drivers/tty/tty_io.c: tty_mutex'),
  ...members(PROCESS, 'tty_ldisc_ops', 'ioctl read', 'drivers/tty/tty_io.c: tty->ldisc_sem'),
  ...members(PROCESS, 'crypto_template', 'create', 'crypto/algboss.c: cryptomgr_probe(), a thread'),
];

/** Members that subsystems of drivers and of the network call. */
const SUBSYSTEMS: readonly CallbackRow[] = [
  ...members(PROCESS, 'tc_action_ops', 'init', 'net/sched/act_api.c: tcf_action_init_1()'),
  ...members(PROCESS, 'tcf_proto_ops', 'init change delete tmplt_create', 'net/sched/cls_api.c: in a request of netlink'),
  ...members(PROCESS, 'Qdisc_ops', 'change', 'net/sched/sch_api.c, sch_fifo.c: rtnl held'),
  ...members(PROCESS, 'devlink_ops', 'reload_down reload_up info_get flash_update port_split port_unsplit', 'net/devlink: devlink->lock'),
  ...members(PROCESS, 'driver_info', 'bind unbind reset stop', 'drivers/net/usb/usbnet.c: probing, open and close'),
  ...members(PROCESS, 'hci_dev', 'open close setup', 'net/bluetooth/hci_sync.c: hci_dev_open_sync()'),
  ...members(PROCESS, 'hci_uart_proto', 'open close setup', 'drivers/bluetooth/hci_ldisc.c'),
  ...members(PROCESS, 'p9_trans_module', 'create', 'net/9p/client.c: p9_client_create()'),
  ...members(PROCESS, 'ntb_client_ops', 'probe remove', 'drivers/ntb/core.c: a bus'),
  ...members(PROCESS, 'tb_cm_ops', 'start stop suspend_noirq resume_noirq', 'drivers/thunderbolt/domain.c: with a mutex'),
  ...members(PROCESS, 'path_selector_type', 'create destroy', 'drivers/md/dm-mpath.c: in the constructor of a target'),
  ...members(PROCESS, 'nand_controller_ops', 'attach_chip detach_chip', 'drivers/mtd/nand/raw/nand_base.c: nand_scan()'),
  ...members(PROCESS, 'mtd_blktrans_ops', 'add_mtd remove_dev', 'drivers/mtd/mtd_blkdevs.c: mtd_table_mutex'),
  ...members(PROCESS, 'iio_info', 'read_raw write_raw', 'drivers/iio/industrialio-core.c: in a read or write; inkern.c: with a mutex'),
  ...members(PROCESS, 'iio_buffer_setup_ops', 'preenable postenable predisable postdisable', 'drivers/iio/industrialio-buffer.c: mlock'),
  ...members(PROCESS, 'iio_sw_trigger_ops', 'probe remove', 'drivers/iio/industrialio-sw-trigger.c: in mkdir()'),
  ...members(PROCESS, 'gameport_driver', 'connect reconnect disconnect', 'drivers/input/gameport/gameport.c: gameport_mutex'),
  ...members(PROCESS, 'usb_serial_driver', 'set_termios port_remove', 'drivers/usb/serial/usb-serial.c'),
  ...members(
    PROCESS,
    'v4l2_ctrl_ops',
    's_ctrl try_ctrl g_volatile_ctrl',
    'drivers/media/v4l2-core/v4l2-ctrls-core.c, v4l2-ctrls-api.c: hdl->lock',
  ),
  ...members(
    PROCESS,
    'v4l2_ioctl_ops',
    'vidioc_querycap vidioc_g_fmt_vid_cap vidioc_s_fmt_vid_cap vidioc_try_fmt_vid_cap vidioc_s_fmt_vid_out vidioc_streamon vidioc_streamoff ' +
      'vidioc_reqbufs vidioc_qbuf vidioc_s_input vidioc_s_std vidioc_s_frequency vidioc_default',
    'drivers/media/v4l2-core/v4l2-ioctl.c: __video_do_ioctl()',
  ),
  ...members(PROCESS, 'saa7134_mpeg_ops', 'init fini', 'drivers/media/pci/saa7134/saa7134-core.c: probing'),
  ...members(PROCESS, 'radio_isa_ops', 'alloc init', 'drivers/media/radio/radio-isa.c: probing'),
  ...members(PROCESS, 'amd_ip_funcs', 'early_init sw_init sw_fini', 'drivers/gpu/drm/amd/amdgpu/amdgpu_device.c: probing'),
  // A work item resets the device with these, and reclaim may wait for its fences: see timedout_job.
  ...members(
    { ...PROCESS, certain: false },
    'amd_ip_funcs',
    'late_init hw_init hw_fini suspend resume',
    'drivers/gpu/drm/amd/amdgpu/amdgpu_device.c: amdgpu_do_asic_reset()',
  ),
  ...members(
    PROCESS,
    'drm_bridge_funcs',
    'attach detach atomic_check atomic_get_input_bus_fmts atomic_get_output_bus_fmts edid_read get_edid',
    'drivers/gpu/drm/drm_bridge.c: with modeset locks',
  ),
  ...members(PROCESS, 'drm_crtc_helper_funcs', 'atomic_check', 'drivers/gpu/drm/drm_atomic_helper.c: drm_atomic_helper_check_planes()'),
  ...members(PROCESS, 'drm_encoder_helper_funcs', 'atomic_check', 'drivers/gpu/drm/drm_atomic_helper.c: mode_fixup()'),
  ...members(PROCESS, 'drm_plane_helper_funcs', 'atomic_check prepare_fb', 'drivers/gpu/drm/drm_atomic_helper.c'),
  ...members(
    PROCESS,
    'drm_gem_object_funcs',
    'open get_sg_table vmap',
    'drivers/gpu/drm/drm_gem.c, drm_prime.c: no lock, or dma_resv_lock()',
  ),
  ...members(PROCESS, 'drm_driver', 'gem_create_object gem_prime_import_sg_table', 'drivers/gpu/drm/drm_gem_shmem_helper.c, drm_prime.c'),
  ...members(PROCESS, 'ttm_device_funcs', 'ttm_tt_create', 'drivers/gpu/drm/ttm/ttm_tt.c: dma_resv_lock()'),
  // A work item, but reclaim waits for fences: dma_fence_begin_signalling() in drivers/dma-buf/dma-fence.c. GFP_ATOMIC is no mistake there.
  ...members({ ...PROCESS, certain: false }, 'drm_sched_backend_ops', 'timedout_job', 'include/drm/gpu_scheduler.h'),
  // A work item, but block I/O waits for such requests, and reclaim for block I/O: drivers/md/dm-crypt.c, dm-integrity.c.
  ...members(
    { ...PROCESS, certain: false },
    'crypto_engine_op',
    'do_one_request prepare_request unprepare_request',
    'crypto/crypto_engine.c: crypto_pump_requests()',
  ),
  ...members(PROCESS, 'snd_sof_dsp_ops', 'probe remove run load_firmware block_write', 'sound/soc/sof/core.c, loader.c, ipc3-loader.c'),
];

/** Members that system calls, attributes and probing lead to, with mutexes at most. */
const REQUESTS: readonly CallbackRow[] = [
  ...members(PROCESS, 'vb2_ops', 'buf_prepare buf_finish stop_streaming', 'drivers/media/common/videobuf2/videobuf2-core.c: in ioctls'),
  ...members(PROCESS, 'dvb_demux', 'start_feed stop_feed', 'drivers/media/dvb-core/dvb_demux.c: demux->mutex'),
  ...members(
    PROCESS,
    'sas_function_template',
    'get_linkerrors get_enclosure_identifier get_bay_identifier phy_reset phy_enable phy_setup set_phy_speed',
    'drivers/scsi/scsi_transport_sas.c: attributes, and adding a phy',
  ),
  ...members(
    PROCESS,
    'iscsi_transport',
    'create_session create_conn bind_conn start_conn set_param get_stats ep_connect ep_poll ep_disconnect set_iface_param send_ping set_chap new_flashnode',
    'drivers/scsi/scsi_transport_iscsi.c: iscsi_if_rx(), rx_queue_mutex',
  ),
  ...members(PROCESS, 'snd_info_entry_ops', 'open release read write', 'sound/core/info.c: files below /proc/asound'),
  ...members(PROCESS, 'usb_gadget_ops', 'udc_start match_ep', 'drivers/usb/gadget/udc/core.c, epautoconf.c: binding a gadget driver'),
];

/** More of what may sleep, by the macro or the structure that registers it. Read in 6.1 and 6.12. */
export const DRIVER_CALLBACKS: readonly CallbackRow[] = [...REGISTERED, ...CORE, ...SUBSYSTEMS, ...REQUESTS];
