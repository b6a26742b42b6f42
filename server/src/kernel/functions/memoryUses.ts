/**
 * What functions and struct members of the kernel ask of memory that they are given: one physical block, or nothing but its bytes. Names that
 * are in neither group may do anything.
 */

/** Families of functions of the kernel that need one physical block, or an address in the linear map; by the beginnings of their names. */
const CONTIGUOUS_PREFIXES =
  /^(dma|sg|usb|virt|crypto|skcipher|ahash|shash|aead|akcipher|spi|i2c|mmc|scsi|ata|ide|nvme|iommu|virtqueue|build_skb|bio|blk_rq|pci|hid_hw|serdev|sdio|memremap|page|qcom_scm|intel_scu|rproc|tb_cfg|mhi|bus_dma)_/;

/** Words inside of names that say the same, for the wrappers of drivers. */
const CONTIGUOUS_WORDS =
  /(^|_)(dma_(un)?map\w*|dma_sync\w*|phys|paddr|urb|skb|scatterlist|sglist|control_msg|bulk_msg|krealloc|ksize)(_|$)|^(__pa|virt_to_\w+|krealloc\w*|ksize|build_skb|kmemleak_\w+_phys)$/;

/** They take pages or addresses as numbers from an array, and the array may be anywhere. */
const READS_ARRAY =
  /^(sg_alloc_table_from_pages(_segment)?|__sg_alloc_table_from_pages|sg_alloc_append_table_from_pages|pin_user_pages\w*|unpin_user_pages\w*|get_user_pages\w*|usb_(string|descriptor)\w*|usb_control_msg_(send|recv)|spi_write_then_read|sg_p?copy_(to|from)_buffer|skb_(put_data|copy_bits|store_bits|copy_to_linear_data\w*|copy_from_linear_data\w*)|pci_(read|write)_config_\w+|spi_get_\w+|i2c_get_\w+|dma_buf_\w+|pci_name)$/;

/** Functions that only read and write the bytes (include/linux/string.h, bitmap.h, uaccess.h, uio.h, and the page arrays of mm/). */
const BYTES_ONLY =
  /^(k?memdup\w*|_*mem(cpy|set|move|cmp|chr|chr_inv|set16|set32|set64|set_p|set_l|zero_explicit|scan|weight|cpy_and_pad|cpy_(from|to)io|cpy_(from|to)_page)|_*copy_(to|from)_(user|iter|sockptr)(_full|_inatomic|_offset)?|_*clear_user|str\w*|v?s[cn]*n?printf|simple_(read_from|write_to)_buffer|sort|sort_r|bsearch|crc\w+|x?xhash\w*|jhash\w*|siphash\w*|bitmap_\w+|_*(set|clear|change|assign|test|test_and_set|test_and_clear)_bit(_lock|_unlock)?|find_\w+_bit|for_each_\w*set_bit\w*|swap|min|max|seq_\w+|hex_dump_to_buffer|print_hex_dump\w*|get_random_bytes\w*|get_unaligned\w*|put_unaligned\w*|sscanf|kstrto\w+|nla_\w+|be\d+_to_cpup?\w*|le\d+_to_cpup?\w*|cpu_to_\w+|swab\w+|hex2bin|bin2hex|ARRAY_SIZE|struct_size|flex_array_size|sysfs_emit(_at)?|READ_ONCE|WRITE_ONCE|smp_(load_acquire|store_release)|prefetchw?|pr_\w+|dev_(dbg|info|warn|err)|release_pages|put_pages_list|vmap|vm_map_ram|vm_insert_pages|unpin_user_page\w*|alloc_pages_bulk_array\w*|crypto_(shash|comp)_\w+|shash_\w+|(sha\d+|blake2s|chacha\w*|aes)_\w+|zlib_\w+|lz4_\w+|LZ4_\w+|zstd_\w+|lzo1x_\w+)$/;

/** Functions that begin the life of a lock or counter inside the memory, or use it (include/linux/spinlock.h, mutex.h, completion.h, wait.h, ida.h). */
const OWN_OBJECTS =
  /^(raw_)?(spin|read|write)_(lock|unlock|trylock)\w*$|^(raw_spin_lock_init|spin_lock_init|rwlock_init|_*mutex_\w+|sema_init|up|down\w*|_*init_rwsem|seq(lock|count)_\w*init|init_completion|reinit_completion|complete|complete_all|wait_for_completion\w*|_*init_waitqueue_head|init_waitqueue_head|wake_up\w*|waitqueue_active|atomic\w*_\w+|refcount_(set|inc|read)\w*|ida_\w+|idr_(init|destroy)\w*|xa_(init|destroy)\w*|INIT_(LIST|HLIST)_HEAD|list_empty|hlist_empty|u64_stats_\w+|kfifo_\w+|bitmap_\w+|cpumask_\w+|local_set|ktime_get_\w+)$/;

/** Members that hardware or the page allocator reads through (include/linux/usb.h, spi/spi.h, i2c.h, skbuff.h, kobject.h, mmc/core.h, crypto.h). */
const CONTIGUOUS_MEMBERS: ReadonlySet<string> = new Set([
  'struct urb.transfer_buffer',
  'struct urb.setup_packet',
  'struct usb_request.buf',
  'struct spi_transfer.tx_buf',
  'struct spi_transfer.rx_buf',
  'struct i2c_msg.buf',
  'struct sk_buff.head',
  'struct sk_buff.data',
  'struct kobject.name',
  'struct mmc_data.sg',
  'struct scatterlist.page_link',
  'struct bio_vec.bv_page',
  'struct page.private',
  'struct scsi_cmnd.cmnd',
]);

/** Names that only these structs give to their members, where the struct itself is not in sight. */
const TRANSFER_MEMBERS = /\.(transfer_buffer|setup_packet|tx_buf|rx_buf|(?:skb|sk_buff)\.head|kobj\.name)$/;

/** What a function asks of memory whose address it gets. */
export type MemoryDemand = 'contiguous' | 'bytes' | 'unknown';

/** `inside`: it gets the address of something inside the memory, not of its beginning. */
export function demandOf(callee: string, inside: boolean): MemoryDemand {
  if (READS_ARRAY.test(callee) || BYTES_ONLY.test(callee) || (inside && OWN_OBJECTS.test(callee))) return 'bytes';
  return CONTIGUOUS_PREFIXES.test(callee) || CONTIGUOUS_WORDS.test(callee) ? 'contiguous' : 'unknown';
}

/** Whether memory whose address is stored in this member (`struct urb.transfer_buffer`) must be one physical block. */
export function isContiguousMember(key: string): boolean {
  return CONTIGUOUS_MEMBERS.has(key) || TRANSFER_MEMBERS.test(key);
}

/** Functions that write down a pointer, or print it, and look at nothing behind it (include/linux/device.h, platform_device.h, i2c.h, printk.h, kmemleak.h). */
const NOTES_ONLY =
  /^((dev|platform|pci|spi|amba|dev_pm|hid|serio|epc|epf|auxiliary|typec|input|gpiochip|irq|usb|i2c|mmc|rtc|watchdog|video|of|snd_soc)_set_\w*(drv|client|intf|priv|chip)?data|snd_soc_\w+_set_drvdata|kmemleak_\w+|_*printk|pr_\w+|(dev|netdev|netif|wiphy|ibdev|drm)_(err|warn|info|dbg|notice|printk)\w*)$/;

/** Whether a function takes note of a pointer and nothing more: it may be NULL then, and whoever reads it later sees that. */
export function onlyNotes(callee: string): boolean {
  return NOTES_ONLY.test(callee);
}
