import type { SizeInterval } from '../sizeInterval';
import type { CType } from './ctype';
import { type DataModel, LP64 } from './dataModel';
import { exactly, interval } from './interval';

/** Largest alignment any type has: a cache line of the architectures that have the longest ones. */
export const ANY_ALIGNMENT: SizeInterval = interval(1, 256);

function scalar(size: number, unsigned: boolean, data: DataModel): CType {
  return { kind: 'scalar', size: exactly(size), align: exactly(size === 8 ? data.longLongAlign : size), unsigned };
}

/** Integer typedefs of the kernel (include/linux/types.h, include/uapi/asm-generic/int-ll64.h); size 0 stands for a word. */
const INTEGERS: readonly (readonly [size: number, unsigned: boolean, names: string])[] = [
  [1, true, 'u8 __u8 uint8_t u_int8_t u_char bool unchar'],
  [1, false, 's8 __s8 int8_t'],
  [2, true, 'u16 __u16 uint16_t u_int16_t u_short ushort __le16 __be16 __sum16 umode_t sa_family_t __kernel_sa_family_t'],
  [2, false, 's16 __s16 int16_t'],
  [
    4,
    true,
    'u32 __u32 uint32_t u_int32_t u_int uint __le32 __be32 __wsum gfp_t dev_t uid_t gid_t kuid_t kgid_t fmode_t slab_flags_t blk_opf_t __poll_t vm_fault_t',
  ],
  [4, false, 's32 __s32 int32_t pid_t key_serial_t'],
  [
    8,
    true,
    'u64 __u64 uint64_t u_int64_t __le64 __be64 sector_t blkcnt_t netdev_features_t aligned_u64 __aligned_u64 aligned_be64 aligned_le64 __aligned_be64 __aligned_le64',
  ],
  [8, false, 's64 __s64 int64_t loff_t time64_t ktime_t'],
  [0, true, 'size_t __kernel_size_t ulong u_long uintptr_t pgoff_t ino_t __kernel_ulong_t'],
  [0, false, 'ssize_t __kernel_ssize_t ptrdiff_t off_t intptr_t __kernel_long_t'],
];

/**
 * Structs and opaque types whose layout is the same in every 64-bit configuration, or whose bounds are known: spin locks
 * are empty on uniprocessor kernels and grow with lock debugging. Name, least and greatest size, alignment (6.1 and 6.12).
 * Those that hold words are of another size on 32-bit architectures.
 */
const RECORDS: readonly (readonly [name: string, min: number, max: number, align: number])[] = [
  ['atomic_t', 4, 4, 4],
  ['refcount_t', 4, 4, 4],
  ['struct kref', 4, 4, 4],
  ['atomic64_t', 8, 8, 8],
  ['atomic_long_t', 8, 8, 8],
  ['struct list_head', 16, 16, 8],
  ['struct hlist_head', 8, 8, 8],
  ['struct hlist_node', 16, 16, 8],
  ['struct llist_head', 8, 8, 8],
  ['struct llist_node', 8, 8, 8],
  ['struct rb_node', 24, 24, 8],
  ['struct rb_root', 8, 8, 8],
  ['struct rb_root_cached', 16, 16, 8],
  ['struct rcu_head', 16, 16, 8],
  ['struct callback_head', 16, 16, 8],
  ['struct timespec64', 16, 16, 8],
  ['struct iovec', 16, 16, 8],
  ['struct kvec', 16, 16, 8],
  ['struct bio_vec', 16, 16, 8],
  ['struct sg_table', 16, 16, 8],
  ['struct scatterlist', 24, 40, 8],
  ['struct resource', 64, 64, 8],
  ['struct in_addr', 4, 4, 4],
  ['struct in6_addr', 16, 16, 4],
  ['struct sockaddr', 16, 16, 2],
  ['struct sockaddr_in', 16, 16, 4],
  ['struct sockaddr_in6', 28, 28, 4],
  ['struct sockaddr_storage', 128, 128, 8],
  ['struct ethhdr', 14, 14, 2],
  ['struct iphdr', 20, 20, 4],
  ['struct ipv6hdr', 40, 40, 4],
  ['struct tcphdr', 20, 20, 4],
  ['struct udphdr', 8, 8, 2],
  ['guid_t', 16, 16, 1],
  ['uuid_t', 16, 16, 1],
];

/** Types whose size depends on the configuration: name, least and greatest size. */
const CONFIGURED: readonly (readonly [name: string, min: number, max: number])[] = [
  ['spinlock_t', 0, 128],
  ['raw_spinlock_t', 0, 128],
  ['rwlock_t', 0, 128],
  ['seqlock_t', 4, 256],
  ['seqcount_t', 4, 128],
  ['struct mutex', 24, 256],
  ['struct semaphore', 24, 192],
  ['struct rw_semaphore', 32, 320],
  ['struct completion', 24, 192],
  ['wait_queue_head_t', 16, 160],
  ['struct wait_queue_head', 16, 160],
  ['struct work_struct', 32, 128],
  ['struct delayed_work', 88, 320],
  ['struct timer_list', 40, 160],
  ['struct hrtimer', 56, 192],
  ['struct tasklet_struct', 40, 64],
  ['cpumask_t', 8, 1024],
  ['cpumask_var_t', 8, 1024],
  ['nodemask_t', 8, 128],
  ['struct u64_stats_sync', 0, 128],
  ['u64_stats_t', 8, 8],
];

/** Names of {@link RECORDS} that hold no word. */
const WORDLESS = new Set(
  'atomic_t refcount_t atomic64_t guid_t uuid_t|struct kref|struct in_addr|struct in6_addr|struct sockaddr|struct sockaddr_in|struct sockaddr_in6|struct ethhdr|struct iphdr|struct ipv6hdr|struct tcphdr|struct udphdr|struct timespec64'
    .split('|')
    .flatMap((part) => (part.startsWith('struct') ? [part] : part.split(' '))),
);

/** Types whose size depends on the word alone, on LP64 the same everywhere; dma_addr_t and its like follow options on ILP32. */
const WORD_OR_OPTION = ['dma_addr_t', 'phys_addr_t', 'resource_size_t'];

const INTEGER_TYPES = byWord((data) =>
  INTEGERS.flatMap(([size, unsigned, names]) =>
    names.split(' ').map((name) => [name, scalar(size === 0 ? data.word : size, unsigned, data)] as const),
  ),
);

const OPAQUE_TYPES = byWord((data) => [
  ...RECORDS.filter(([name]) => data.word === 8 || WORDLESS.has(name)).map(
    ([name, min, max, align]) => [name, { kind: 'named', name, size: interval(min, max), align: exactly(align) } as CType] as const,
  ),
  ...CONFIGURED.map(([name, min, max]) => {
    const size = interval(data.word === 8 ? min : Math.floor(min / 2), max);
    return [name, { kind: 'named', name, size, align: interval(1, 8) } as CType] as const;
  }),
  ...WORD_OR_OPTION.map(
    (name) =>
      [
        name,
        { kind: 'scalar', size: interval(data.word, 8), align: interval(Math.min(4, data.word), 8), unsigned: true } as CType,
      ] as const,
  ),
]);

function byWord(entries: (data: DataModel) => readonly (readonly [string, CType])[]): (data: DataModel) => ReadonlyMap<string, CType> {
  const maps = new Map<string, ReadonlyMap<string, CType>>();
  return (data) => {
    const key = `${data.word} ${data.longLongAlign}`;
    let map = maps.get(key);
    if (map === undefined) maps.set(key, (map = new Map(entries(data))));
    return map;
  };
}

/** An integer type of the kernel's own, the same in every configuration. */
export function integerType(name: string, data: DataModel = LP64): CType | undefined {
  if (data.word === 8 && WORD_OR_OPTION.includes(name)) return scalar(8, true, data);
  return INTEGER_TYPES(data).get(name);
}

/** A type that the kernel's headers define, by its typedef name or by `struct tag`, with what holds in every configuration; undefined for others. */
export function knownType(name: string, data: DataModel = LP64): CType | undefined {
  return integerType(name, data) ?? OPAQUE_TYPES(data).get(name);
}

/** The type that basic type words (`unsigned long long`) name. */
export function basicType(words: readonly string[], data: DataModel = LP64): CType {
  const count = (word: string) => words.filter((each) => each === word).length;
  const unsigned = count('unsigned') > 0;
  const type = (size: number, isUnsigned = unsigned) => scalar(size, isUnsigned, data);
  if (count('void') > 0) return type(1, true);
  if (count('char') > 0) return type(1);
  if (count('_Bool') > 0 || count('bool') > 0) return type(1, true);
  if (count('short') > 0) return type(2);
  if (count('__int128') > 0 || count('__int128_t') > 0 || count('__uint128_t') > 0) return type(16);
  if (count('double') > 0) return type(count('long') > 0 ? 16 : 8, false);
  if (count('float') > 0) return type(4, false);
  return type(count('long') > 1 ? 8 : count('long') === 1 ? data.word : 4);
}
