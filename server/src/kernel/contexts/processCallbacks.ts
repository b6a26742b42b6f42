import type { CallbackRow } from '../model';
import { members, PROCESS } from './callbackKinds';

/** Members of operation tables that may sleep: called from system calls, netlink, probing, or work items, with mutexes at most. Read in 6.1 and 6.12. */
export const PROCESS_CALLBACKS: readonly CallbackRow[] = [
  ...members(
    PROCESS,
    'ieee80211_ops',
    'stop add_interface change_interface remove_interface config bss_info_changed vif_cfg_changed link_info_changed set_key hw_scan ' +
      'cancel_hw_scan sw_scan_start sw_scan_complete set_rts_threshold sta_add sta_remove conf_tx testmode_cmd flush remain_on_channel ' +
      'cancel_remain_on_channel set_bitrate_mask suspend resume',
    'include/net/mac80211.h: "can sleep"',
  ),
  // net/wireless: with the mutex of the wiphy, or rtnl
  ...members(
    PROCESS,
    'cfg80211_ops',
    'add_virtual_intf del_virtual_intf change_virtual_intf add_key del_key scan auth assoc connect disconnect start_ap stop_ap change_beacon ' +
      'mgmt_tx add_station del_station change_station remain_on_channel sched_scan_start sched_scan_stop set_wiphy_params suspend resume join_ibss ' +
      'leave_ibss set_pmksa tdls_mgmt tdls_oper',
    'net/wireless/nl80211.c',
  ),
  ...members(
    PROCESS,
    'ethtool_ops',
    'get_drvinfo get_regs set_wol get_eeprom set_eeprom set_coalesce set_channels set_pauseparam self_test get_strings set_rxnfc set_rxfh ' +
      'flash_device get_dump_data get_module_eeprom set_priv_flags set_link_ksettings get_module_info reset',
    'net/ethtool/ioctl.c: rtnl held',
  ),
  ...members(
    PROCESS,
    'net_device_ops',
    'ndo_init ndo_uninit ndo_set_features ndo_vlan_rx_kill_vid ndo_add_slave ndo_del_slave ndo_set_vf_mac ndo_set_vf_vlan ndo_set_vf_rate ' +
      'ndo_bridge_setlink ndo_bridge_dellink ndo_fdb_add ndo_fdb_del ndo_set_config',
    'Documentation/networking/netdevices.rst, net/core/rtnetlink.c: rtnl held',
  ),
  ...members(
    PROCESS,
    'dsa_switch_ops',
    'setup teardown port_setup port_enable port_bridge_join port_bridge_leave port_vlan_add port_vlan_del port_vlan_filtering',
    'net/dsa: rtnl held, or probing',
  ),
  ...members(
    PROCESS,
    'phy_driver',
    'probe remove suspend resume config_aneg read_status soft_reset',
    'drivers/net/phy/phy.c: phydev->lock',
  ),
  ...members(PROCESS, 'mii_bus', 'write', 'drivers/net/phy/mdio_bus.c: bus->mdio_lock'),
  // Documentation/infiniband/core_locking.rst: "all of the methods in struct ib_device may sleep", with few exceptions
  ...members(
    PROCESS,
    'ib_device_ops',
    'alloc_pd dealloc_pd alloc_ucontext create_qp modify_qp query_qp destroy_qp create_cq destroy_cq resize_cq create_srq modify_srq destroy_srq ' +
      'alloc_mr get_dma_mr reg_user_mr rereg_user_mr dereg_mr query_device query_port query_pkey query_gid add_gid del_gid alloc_mw',
    'Documentation/infiniband/core_locking.rst',
  ),
  ...members(
    PROCESS,
    'scsi_host_template',
    'ioctl compat_ioctl change_queue_depth bios_param show_info write_info',
    'drivers/scsi/scsi_ioctl.c',
  ),
  ...members(PROCESS, 'target_type', 'ctr dtr message', 'drivers/md/dm-table.c, dm-ioctl.c'),
  ...members(PROCESS, 'parport_driver', 'match_port attach detach', 'drivers/parport/share.c'),
  ...members(PROCESS, 'ufs_hba_variant_ops', 'init exit', 'drivers/ufs/core/ufshcd.c: ufshcd_hba_init()'),
  ...members(PROCESS, 'usb_function', 'bind unbind', 'drivers/usb/gadget/composite.c: usb_add_function()'),
  ...members(PROCESS, 'usb_composite_driver', 'bind unbind', 'drivers/usb/gadget/composite.c'),
  ...members(PROCESS, 'usb_function_driver', 'alloc_inst alloc_func', 'drivers/usb/gadget/functions.c'),
  ...members(PROCESS, 'saa7146_extension', 'attach detach', 'drivers/media/common/saa7146/saa7146_core.c: saa7146_init_one()'),
  ...members(PROCESS, 'vb2_ops', 'buf_init buf_cleanup', 'drivers/media/common/videobuf2/videobuf2-core.c: in ioctls'),
  ...members(PROCESS, 'dvb_frontend_ops', 'init sleep set_frontend', 'drivers/media/dvb-core/dvb_frontend.c: dvb_frontend_thread()'),
  // Both allocate with GFP_KERNEL themselves. Not the way back: drivers/net/macsec.c frees a transform, and those it is made of, in an RCU callback.
  ...['skcipher_alg', 'aead_alg', 'akcipher_alg', 'kpp_alg'].flatMap((owner) =>
    members(PROCESS, owner, 'init', 'crypto/api.c: crypto_create_tfm_node()'),
  ),
  ...['ahash_alg', 'shash_alg'].flatMap((owner) => members(PROCESS, owner, 'init_tfm', 'crypto/api.c: crypto_create_tfm_node()')),
  ...members(PROCESS, 'crypto_alg', 'cra_init', 'crypto/api.c: __crypto_alloc_tfm()'),
  ...members(PROCESS, 'drm_crtc_funcs', 'reset destroy atomic_duplicate_state', 'drivers/gpu/drm/drm_mode_config.c, drm_atomic.c'),
  ...members(PROCESS, 'drm_plane_funcs', 'reset destroy atomic_duplicate_state', 'drivers/gpu/drm/drm_mode_config.c, drm_atomic.c'),
  ...members(PROCESS, 'drm_connector_funcs', 'reset detect fill_modes atomic_duplicate_state', 'drivers/gpu/drm/drm_probe_helper.c'),
  ...members(PROCESS, 'drm_connector_helper_funcs', 'get_modes', 'drivers/gpu/drm/drm_probe_helper.c'),
  ...members(PROCESS, 'drm_mode_config_funcs', 'fb_create', 'drivers/gpu/drm/drm_framebuffer.c'),
  ...members(PROCESS, 'snd_soc_ops', 'startup shutdown hw_params hw_free prepare', 'sound/soc/soc-link.c'),
  ...members(PROCESS, 'snd_soc_card', 'probe late_probe remove', 'sound/soc/soc-card.c'),
  ...members(PROCESS, 'snd_hwdep_ops', 'open ioctl release', 'sound/core/hwdep.c'),
];
