/**
 * Functions and macros of the kernel's headers and libraries that allocate nothing, take no lock for their caller, and call nobody back: calls
 * of them say nothing about contexts, and there are more of them than of all others. Read in include/linux, lib and kernel/printk of 6.1.
 */
export const HARMLESS: readonly string[] = [
  // messages
  'printk pr_emerg pr_alert pr_crit pr_err pr_warn pr_warning pr_notice pr_info pr_cont pr_debug pr_devel pr_err_once pr_warn_once pr_info_once',
  'pr_err_ratelimited pr_warn_ratelimited pr_info_ratelimited pr_debug_ratelimited dev_printk dev_emerg dev_alert dev_crit dev_err dev_warn dev_notice',
  'dev_info dev_dbg dev_vdbg dev_err_ratelimited dev_warn_ratelimited dev_info_ratelimited dev_dbg_ratelimited dev_err_once dev_warn_once',
  'netdev_err netdev_warn netdev_notice netdev_info netdev_dbg netdev_printk netif_err netif_warn netif_info netif_dbg netif_msg_init net_err_ratelimited',
  'net_warn_ratelimited net_info_ratelimited net_dbg_ratelimited wiphy_err wiphy_warn wiphy_info wiphy_dbg ibdev_err ibdev_warn ibdev_info ibdev_dbg',
  'drm_err drm_warn drm_info drm_dbg drm_dbg_kms drm_dbg_driver DRM_ERROR DRM_INFO DRM_DEBUG DRM_DEBUG_KMS DRM_DEBUG_DRIVER DRM_WARN DRM_DEV_ERROR',
  'WARN WARN_ON WARN_ON_ONCE WARN_ONCE BUG BUG_ON BUILD_BUG_ON BUILD_BUG_ON_MSG BUILD_BUG_ON_ZERO ASSERT lockdep_assert_held lockdep_is_held might_sleep_if',
  'seq_printf seq_puts seq_putc seq_write sprintf snprintf scnprintf vsnprintf vscnprintf sysfs_emit sysfs_emit_at sscanf',
  // bytes, bits, numbers
  'memcpy memset memmove memcmp memchr memchr_inv memzero_explicit strlen strnlen strcmp strncmp strcasecmp strncasecmp strcpy strncpy strscpy strscpy_pad strlcpy strcat strlcat',
  'strchr strrchr strstr strsep strim skip_spaces strpbrk strspn strcspn simple_strtoul simple_strtol kstrtoint kstrtouint kstrtou8 kstrtou16 kstrtou32 kstrtoul kstrtol kstrtobool',
  'BIT BIT_ULL GENMASK GENMASK_ULL FIELD_PREP FIELD_GET FIELD_MAX ARRAY_SIZE ALIGN ALIGN_DOWN IS_ALIGNED PTR_ALIGN round_up round_down roundup rounddown DIV_ROUND_UP',
  'DIV_ROUND_CLOSEST DIV_ROUND_UP_ULL do_div div_u64 div64_u64 div64_ul mod_delayed min max min_t max_t clamp clamp_t clamp_val swap abs lower_32_bits upper_32_bits',
  'hweight8 hweight16 hweight32 hweight64 hweight_long ffs fls ffz __ffs __fls ilog2 order_base_2 is_power_of_2 roundup_pow_of_two rounddown_pow_of_two',
  'cpu_to_le16 cpu_to_le32 cpu_to_le64 cpu_to_be16 cpu_to_be32 cpu_to_be64 le16_to_cpu le32_to_cpu le64_to_cpu be16_to_cpu be32_to_cpu be64_to_cpu __cpu_to_le32 __le32_to_cpu',
  'le16_to_cpup le32_to_cpup be16_to_cpup be32_to_cpup htons htonl ntohs ntohl get_unaligned get_unaligned_le16 get_unaligned_le32 get_unaligned_be16 get_unaligned_be32',
  'put_unaligned put_unaligned_le16 put_unaligned_le32 put_unaligned_be16 put_unaligned_be32 le32_get_bits le32p_replace_bits u32_get_bits u32_encode_bits',
  'set_bit clear_bit change_bit test_bit test_and_set_bit test_and_clear_bit __set_bit __clear_bit __test_and_set_bit __test_and_clear_bit find_first_bit find_next_bit',
  'find_first_zero_bit find_next_zero_bit bitmap_zero bitmap_fill bitmap_copy bitmap_and bitmap_or bitmap_weight bitmap_empty bitmap_full bitmap_set bitmap_clear',
  // atomics, barriers, devices
  'atomic_read atomic_set atomic_inc atomic_dec atomic_add atomic_sub atomic_inc_return atomic_dec_return atomic_dec_and_test atomic_inc_not_zero atomic_cmpxchg atomic_xchg',
  'atomic64_read atomic64_set atomic64_inc atomic64_dec atomic64_add atomic64_sub atomic_long_read atomic_long_set atomic_long_inc atomic_long_dec atomic_long_add',
  'refcount_set refcount_read refcount_inc refcount_dec refcount_inc_not_zero refcount_dec_and_test kref_init kref_get READ_ONCE WRITE_ONCE smp_load_acquire smp_store_release',
  'mb rmb wmb smp_mb smp_rmb smp_wmb barrier cpu_relax readb readw readl readq writeb writew writel writeq readl_relaxed writel_relaxed ioread8 ioread16 ioread32 iowrite8 iowrite16',
  'iowrite32 ioread32be iowrite32be inb inw inl outb outw outl __raw_readl __raw_writel udelay ndelay mdelay',
  // errors, lists, containers
  'likely unlikely IS_ENABLED IS_REACHABLE IS_ERR IS_ERR_OR_NULL PTR_ERR PTR_ERR_OR_ZERO ERR_PTR ERR_CAST container_of offsetof sizeof_field typeof rcu_dereference',
  'rcu_dereference_protected rcu_dereference_raw rcu_dereference_check rcu_assign_pointer rcu_access_pointer RCU_INIT_POINTER NL_SET_ERR_MSG NL_SET_ERR_MSG_MOD',
  'INIT_LIST_HEAD INIT_HLIST_HEAD INIT_HLIST_NODE LIST_HEAD list_add list_add_tail list_del list_del_init list_move list_move_tail list_empty list_empty_careful list_is_last',
  'list_is_singular list_splice list_splice_init list_splice_tail_init list_first_entry list_last_entry list_first_entry_or_null list_next_entry list_prev_entry list_entry list_add_rcu',
  'list_del_rcu list_add_tail_rcu hlist_add_head hlist_del hlist_del_init hlist_empty hlist_unhashed hlist_entry hlist_add_head_rcu hlist_del_rcu rb_entry rb_first rb_next rb_prev',
  'rb_erase rb_insert_color rb_link_node RB_EMPTY_ROOT RB_EMPTY_NODE RB_CLEAR_NODE llist_empty',
  // objects
  // finds what pcim_iomap_regions() allocated
  'pcim_iomap_table',
  'netdev_priv dev_get_drvdata dev_set_drvdata platform_get_drvdata platform_set_drvdata pci_get_drvdata pci_set_drvdata i2c_get_clientdata i2c_set_clientdata usb_get_intfdata',
  'usb_set_intfdata spi_get_drvdata spi_set_drvdata dev_name pci_name file_inode d_inode i_size_read i_size_write S_ISDIR S_ISREG S_ISLNK SET_NETDEV_DEV DMA_BIT_MASK to_pci_dev',
  'spin_lock_init raw_spin_lock_init rwlock_init mutex_init init_rwsem sema_init init_completion reinit_completion complete init_waitqueue_head time_after time_before',
  'time_after_eq time_before_eq time_is_before_jiffies time_is_after_jiffies msecs_to_jiffies usecs_to_jiffies jiffies_to_msecs ktime_get ktime_get_real ktime_to_ns ktime_to_us',
  'ktime_sub ktime_add ktime_add_ns ktime_us_delta ktime_ms_delta netif_running netif_carrier_ok netif_carrier_on netif_carrier_off netif_stop_queue netif_start_queue netif_wake_queue',
  'netif_queue_stopped ether_addr_copy ether_addr_equal is_valid_ether_addr is_zero_ether_addr is_multicast_ether_addr is_broadcast_ether_addr eth_hw_addr_set skb_put skb_put_data',
  'skb_pull skb_push skb_reserve skb_trim skb_shinfo skb_headlen skb_frag_size skb_tail_pointer skb_headroom skb_tailroom skb_queue_empty skb_queue_len skb_queue_head_init',
  'ip_hdr ipv6_hdr tcp_hdr udp_hdr eth_hdr sock_net dev_net smp_processor_id raw_smp_processor_id current_time capable cpu_online num_online_cpus nr_cpu_ids page_address',
  'page_to_pfn pfn_to_page virt_to_page virt_to_phys phys_to_virt PageUptodate PageLocked PageDirty SetPageUptodate ClearPageUptodate kmap_local_page kunmap_local wake_up wake_up_interruptible',
];
