import type { KernelModel } from '../../kernel/model';
import type { SizeInterval } from '../sizeInterval';
import { type DataModel, LP64 } from './dataModel';
import { ANY, exactly, interval } from './interval';

const KIB = 1024;

/** Constants of the kernel's headers that are the same in every configuration (6.1 and 6.12). */
const FIXED: ReadonlyMap<string, number> = new Map([
  ['U8_MAX', 0xff],
  ['U16_MAX', 0xffff],
  ['U32_MAX', 0xffffffff],
  ['S8_MAX', 0x7f],
  ['S16_MAX', 0x7fff],
  ['S32_MAX', 0x7fffffff],
  ['UCHAR_MAX', 0xff],
  ['USHRT_MAX', 0xffff],
  ['UINT_MAX', 0xffffffff],
  ['INT_MAX', 0x7fffffff],
  ['SHRT_MAX', 0x7fff],
  ['NULL', 0],
  ['true', 1],
  ['false', 0],
  // include/uapi/linux/limits.h, include/linux/netdevice.h and friends
  ['PATH_MAX', 4096],
  ['NAME_MAX', 255],
  ['PIPE_BUF', 4096],
  ['XATTR_NAME_MAX', 255],
  ['XATTR_SIZE_MAX', 65536],
  ['XATTR_LIST_MAX', 65536],
  ['TASK_COMM_LEN', 16],
  ['MODULE_NAME_LEN', 56],
  ['IFNAMSIZ', 16],
  ['ETH_ALEN', 6],
  ['ETH_HLEN', 14],
  ['ETH_ZLEN', 60],
  ['ETH_DATA_LEN', 1500],
  ['ETH_FRAME_LEN', 1514],
  ['ETH_FCS_LEN', 4],
  ['ETH_MAX_MTU', 65535],
  ['VLAN_HLEN', 4],
  ['VLAN_ETH_HLEN', 18],
  ['VLAN_N_VID', 4096],
  ['IEEE80211_MAX_SSID_LEN', 32],
  ['IEEE80211_MAX_DATA_LEN', 2304],
  ['WLAN_MAX_KEY_LEN', 32],
  ['ETH_GSTRING_LEN', 32],
  ['MAX_ADDR_LEN', 32],
  ['SECTOR_SIZE', 512],
  ['SECTOR_SHIFT', 9],
  ['BITS_PER_BYTE', 8],
  ['BITS_PER_LONG_LONG', 64],
  ['HZ_PER_MHZ', 1000000],
  ['USEC_PER_SEC', 1000000],
  ['NSEC_PER_SEC', 1000000000],
  ['NSEC_PER_USEC', 1000],
  ['NSEC_PER_MSEC', 1000000],
  ['MSEC_PER_SEC', 1000],
  ['BIO_MAX_VECS', 256],
  ['SHA1_DIGEST_SIZE', 20],
  ['SHA256_DIGEST_SIZE', 32],
  ['SHA512_DIGEST_SIZE', 64],
  ['MD5_DIGEST_SIZE', 16],
  ['AES_BLOCK_SIZE', 16],
  ['AES_KEYSIZE_128', 16],
  ['AES_KEYSIZE_256', 32],
  ['USB_DT_DEVICE_SIZE', 18],
  ['UUID_SIZE', 16],
  ['UUID_STRING_LEN', 36],
  ['EDID_LENGTH', 128],
  ['PCI_CFG_SPACE_SIZE', 256],
  ['PCI_CFG_SPACE_EXP_SIZE', 4096],
]);

/** Bounds of constants that depend on the configuration, the architecture or the release. */
const BOUNDED: ReadonlyMap<string, SizeInterval> = new Map([
  ['HZ', interval(24, 1200)],
  ['L1_CACHE_BYTES', interval(4, 256)],
  ['SMP_CACHE_BYTES', interval(4, 256)],
  ['ARCH_KMALLOC_MINALIGN', interval(1, 256)],
  ['ARCH_DMA_MINALIGN', interval(1, 256)],
  ['CRYPTO_MINALIGN', interval(1, 256)],
  ['NR_CPUS', interval(1, 8192)],
  ['nr_cpu_ids', interval(1, 8192)],
  ['nr_node_ids', interval(1, 1024)],
  ['MAX_NUMNODES', interval(1, 1024)],
  ['MAX_SKB_FRAGS', interval(16, 45)],
  ['KSYM_NAME_LEN', interval(128, 512)],
  ['HID_MAX_BUFFER_SIZE', interval(4096, 16384)],
]);

/**
 * The value of an identifier that the kernel's headers define and that is the same in all their configurations, or undefined when it is
 * not one that is known here. The page size is the model's.
 */
export function kernelConstant(name: string, model: KernelModel, data: DataModel = LP64): SizeInterval | undefined {
  if (name === 'BITS_PER_LONG') return exactly(data.word * 8);
  const fixed = FIXED.get(name);
  if (fixed !== undefined) return exactly(fixed);
  if (name.startsWith('SZ_')) return memorySize(name);
  const { pageSize, kmallocMax, kmallocMaxCache, maxPageOrder, costlyOrder } = model.limits;
  switch (name) {
    case 'PAGE_SIZE':
      return exactly(pageSize);
    case 'PAGE_SHIFT':
      return exactly(Math.log2(pageSize));
    case 'KMALLOC_MAX_SIZE':
      return exactly(kmallocMax);
    case 'KMALLOC_MAX_CACHE_SIZE':
      return exactly(kmallocMaxCache);
    case 'PAGE_ALLOC_COSTLY_ORDER':
      return exactly(costlyOrder);
    case 'MAX_PAGE_ORDER':
      return exactly(maxPageOrder);
    case 'MAX_ORDER':
      // Until 6.4 MAX_ORDER was one more than the largest order (include/linux/mmzone.h).
      return exactly(beforeInclusiveMaxOrder(model) ? maxPageOrder + 1 : maxPageOrder);
    case 'ULONG_MAX':
    case 'SIZE_MAX':
    case 'LONG_MAX':
    case 'U64_MAX':
      return ANY;
    default:
      return undefined;
  }
}

/** Bounds of a constant that depends on the configuration, the architecture or the release; for trees whose headers do not tell. */
export function boundedConstant(name: string): SizeInterval | undefined {
  return BOUNDED.get(name);
}

function beforeInclusiveMaxOrder(model: KernelModel): boolean {
  const { major, minor } = model.release;
  return major < 6 || (major === 6 && minor < 4);
}

/** `SZ_64K` and its like (include/linux/sizes.h). */
function memorySize(name: string): SizeInterval | undefined {
  const match = /^SZ_(\d+)([KMG]?)$/.exec(name);
  if (match === null) return undefined;
  const unit = { K: KIB, M: KIB ** 2, G: KIB ** 3 }[match[2]!] ?? 1;
  return exactly(Number(match[1]) * unit);
}
