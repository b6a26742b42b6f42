import type { SizeInterval } from '../sizeInterval';
import {
  ANY,
  add,
  alignUp,
  constantOf,
  divide,
  exactly,
  interval,
  maximum,
  minimum,
  monotone,
  multiply,
  shiftLeft,
  subtract,
} from './interval';
import { orderForBytes } from './order';

/** A call to one of the kernel's size helpers, as the evaluator offers it. */
export interface SizeMacroCall {
  readonly pageSize: number;
  value(argument: number): SizeInterval;
  /** Size of the object that an argument points to. */
  pointeeSize(argument: number): SizeInterval;
  /** Size of the type that an argument spells, or of the expression it is. */
  objectSize(argument: number): SizeInterval;
  /** Element count of the array that an argument names. */
  arrayLength(argument: number): SizeInterval;
  /** Size of one element of the array member `member` of what argument `pointer` points to, or of the type it spells. */
  elementSize(pointer: number, member: number): SizeInterval;
  /** Size of the member `member` of the type that argument `type` spells. */
  memberSize(type: number, member: number): SizeInterval;
  /** Bytes in front of the member `member` of the type that argument `type` spells. */
  offsetOf(type: number, member: number): SizeInterval;
  /** Bound of the integer type that an argument spells (`min_t(u8, …)`). */
  typeBound(argument: number): number | undefined;
}

type SizeMacro = (call: SizeMacroCall) => SizeInterval;

const bitLength = (value: number): number => (value < 1 ? 0 : Math.floor(Math.log2(value)) + 1);
const nextPowerOfTwo = (value: number): number => (value <= 1 ? 1 : 2 ** Math.ceil(Math.log2(value)));
const binary =
  (operation: (a: SizeInterval, b: SizeInterval) => SizeInterval, first = 0): SizeMacro =>
  (call) =>
    operation(call.value(first), call.value(first + 1));
const withinType =
  (operation: (a: SizeInterval, b: SizeInterval) => SizeInterval): SizeMacro =>
  (call) => {
    const bound = call.typeBound(0);
    // Both are cast first: what does not fit the type wraps around inside it.
    const cast = (value: SizeInterval) =>
      bound === undefined || (value.max !== undefined && value.max <= bound) ? value : interval(0, bound);
    return operation(cast(call.value(1)), cast(call.value(2)));
  };
/** CONFIG_NR_CPUS and 1 << CONFIG_NODES_SHIFT at most, over all architectures (6.1, 6.12). */
const MOST_CPUS = 8192;
const MOST_NODES = 1024;
/** No table of the kernel has more. */
const MOST_ELEMENTS = 2 ** 20;

/** Functions without an argument that matters, by the bounds of their result. */
const upTo = (max: number, names: string, min = 1): [string, SizeMacro][] =>
  names.split(' ').map((name) => [name, () => interval(min, max)]);

const within = ({ min, max }: SizeInterval, most: number): SizeInterval => interval(min, Math.min(max ?? most, most));

const wordsOf =
  (bits: number): SizeMacro =>
  (call) =>
    monotone(call.value(0), (bound) => Math.ceil(bound / bits));
const elementsOf: SizeMacro = (call) => multiply(call.elementSize(0, 1), call.value(2));
const divideUp: SizeMacro = (call) => {
  const divisor = constantOf(call.value(1));
  return divisor === undefined || divisor === 0 ? ANY : monotone(call.value(0), (bound) => Math.ceil(bound / divisor));
};

/** Helpers of overflow.h, math.h, align.h, minmax.h, bits.h, log2.h and mm.h (6.1 and 6.12) that build sizes. */
const MACROS: ReadonlyMap<string, SizeMacro> = new Map<string, SizeMacro>([
  ['struct_size', (call) => add(call.pointeeSize(0), elementsOf(call))],
  ['struct_size_t', (call) => add(call.objectSize(0), elementsOf(call))],
  ['flex_array_size', elementsOf],
  ['array_size', binary(multiply)],
  ['size_mul', binary(multiply)],
  ['array3_size', (call) => multiply(multiply(call.value(0), call.value(1)), call.value(2))],
  ['size_add', binary(add)],
  ['size_sub', binary(subtract)],
  ['offsetof', (call) => call.offsetOf(0, 1)],
  ['__builtin_offsetof', (call) => call.offsetOf(0, 1)],
  // Also of an array whose elements macros write.
  ['ARRAY_SIZE', (call) => within(call.arrayLength(0), MOST_ELEMENTS)],
  ['BIT', (call) => shiftLeft(exactly(1), call.value(0))],
  ['BIT_ULL', (call) => shiftLeft(exactly(1), call.value(0))],
  ['BITS_TO_LONGS', wordsOf(64)],
  ['BITS_TO_U64', wordsOf(64)],
  ['BITS_TO_U32', wordsOf(32)],
  ['BITS_TO_BYTES', wordsOf(8)],
  ['bitmap_size', (call) => monotone(call.value(0), (bound) => Math.ceil(bound / 64) * 8)],
  ['roundup', binary(alignUp)],
  ['round_up', binary(alignUp)],
  ['ALIGN', binary(alignUp)],
  ['roundup_pow_of_two', (call) => monotone(call.value(0), nextPowerOfTwo)],
  ['rounddown_pow_of_two', (call) => monotone(call.value(0), (bound) => (bound < 1 ? 0 : 2 ** (bitLength(bound) - 1)))],
  ['round_down', (call) => roundDown(call.value(0), call.value(1))],
  ['rounddown', (call) => roundDown(call.value(0), call.value(1))],
  ['ALIGN_DOWN', (call) => roundDown(call.value(0), call.value(1))],
  ['PAGE_ALIGN', (call) => alignUp(call.value(0), exactly(call.pageSize))],
  ['PFN_UP', (call) => monotone(call.value(0), (bound) => Math.ceil(bound / call.pageSize))],
  ['PFN_DOWN', (call) => divide(call.value(0), exactly(call.pageSize))],
  ['DIV_ROUND_UP', divideUp],
  ['DIV_ROUND_UP_ULL', divideUp],
  ['DIV_ROUND_CLOSEST', (call) => (constantOf(call.value(1)) ? monotone(call.value(0), (n) => Math.round(n / call.value(1).min)) : ANY)],
  ['min', binary(minimum)],
  ['max', binary(maximum)],
  ['umin', binary(minimum)],
  ['umax', binary(maximum)],
  ['min3', (call) => minimum(minimum(call.value(0), call.value(1)), call.value(2))],
  ['max3', (call) => maximum(maximum(call.value(0), call.value(1)), call.value(2))],
  ['min_t', withinType(minimum)],
  ['max_t', withinType(maximum)],
  ['clamp', (call) => clamp(call.value(0), call.value(1), call.value(2))],
  ['clamp_val', (call) => clamp(call.value(0), call.value(1), call.value(2))],
  ['clamp_t', (call) => clamp(call.value(1), call.value(2), call.value(3))],
  ['get_order', (call) => monotone(call.value(0), (bound) => orderForBytes(bound, call.pageSize))],
  ['ilog2', (call) => monotone(call.value(0), (bound) => Math.max(bitLength(bound) - 1, 0))],
  ['order_base_2', (call) => monotone(call.value(0), (bound) => (bound <= 1 ? 0 : Math.ceil(Math.log2(bound))))],
  ['fls', (call) => boundedBits(call.value(0), 32)],
  ['fls64', (call) => boundedBits(call.value(0), 64)],
  ['fls_long', (call) => boundedBits(call.value(0), 64)],
  ['sizeof_field', (call) => call.memberSize(0, 1)],
  ['get_random_u32_below', (call) => interval(0, call.value(0).max)],
  ['get_random_u32_inclusive', (call) => interval(call.value(0).min, call.value(1).max)],
  ...upTo(MOST_CPUS, 'num_online_cpus num_possible_cpus num_present_cpus num_active_cpus'),
  // Of the CPUs that a mask holds; of the queues that a driver asks for, one for each (net/core/dev.c).
  ...upTo(MOST_CPUS, 'cpumask_weight netif_get_num_default_rss_queues', 0),
  ...upTo(MOST_NODES, 'num_online_nodes num_possible_nodes'),
  ['cpumask_size', () => interval(8, MOST_CPUS / 8)],
  // Netlink attributes say their length in 16 bits, their own header of four bytes included (include/uapi/linux/netlink.h).
  ...upTo(0xffff - 4, 'nla_len', 0),
  ...upTo(0xff, 'nla_get_u8 readb ioread8 inb readb_relaxed get_random_u8 hweight8', 0),
  ...upTo(
    0xffff,
    'nla_get_u16 nla_get_be16 nla_get_le16 readw ioread16 ioread16be inw readw_relaxed get_random_u16 be16_to_cpup le16_to_cpup ntohs',
    0,
  ),
  ...upTo(16, 'hweight16', 0),
  ...upTo(32, 'hweight32', 0),
  ...upTo(64, 'hweight64 hweight_long', 0),
  ['GENMASK', (call) => genmask(call.value(0), call.value(1))],
  ['FIELD_MAX', (call) => fieldMax(call.value(0))],
  ['FIELD_GET', (call) => interval(0, fieldMax(call.value(0)).max)],
  ['min_not_zero', (call) => minNotZero(call.value(0), call.value(1))],
  ['mult_frac', (call) => divide(multiply(call.value(0), call.value(1)), call.value(2))],
  ['le16_to_cpu', (call) => sixteenBits(call.value(0))],
  ['be16_to_cpu', (call) => sixteenBits(call.value(0))],
  ['get_unaligned_le16', () => interval(0, 0xffff)],
  ['get_unaligned_be16', () => interval(0, 0xffff)],
  ['likely', (call) => call.value(0)],
  ['unlikely', (call) => call.value(0)],
  ['READ_ONCE', (call) => call.value(0)],
  // A cast that assembly does not see (arch/mips/include/asm/mipsregs.h).
  ['_ULCAST_', (call) => call.value(0)],
  ['array_index_nospec', (call) => interval(0, subtract(call.value(1), exactly(1)).max)],
]);

/** The helper of that name, or undefined. */
export function sizeMacro(name: string): SizeMacro | undefined {
  return MACROS.get(name);
}

/** Bits `low` to `high`, both included. */
function genmask(high: SizeInterval, low: SizeInterval): SizeInterval {
  const [top, bottom] = [constantOf(high), constantOf(low)];
  return top === undefined || bottom === undefined || top < bottom ? ANY : exactly(2 ** (top + 1) - 2 ** bottom);
}

/** The largest value of the field that a mask of adjacent bits marks. */
function fieldMax(mask: SizeInterval): SizeInterval {
  let bits = constantOf(mask);
  if (bits === undefined || bits === 0) return ANY;
  while (bits % 2 === 0) bits /= 2;
  return exactly(bits);
}

/** The smaller of two numbers of which 0 does not count. */
function minNotZero(a: SizeInterval, b: SizeInterval): SizeInterval {
  if (a.max === undefined) return b.min > 0 ? interval(0, b.max) : ANY;
  return b.max === undefined ? (a.min > 0 ? interval(0, a.max) : ANY) : interval(0, Math.max(a.max, b.max));
}

function clamp(value: SizeInterval, low: SizeInterval, high: SizeInterval): SizeInterval {
  return minimum(maximum(value, low), high);
}

function roundDown(value: SizeInterval, step: SizeInterval): SizeInterval {
  const exact = constantOf(step);
  return exact === undefined || exact === 0 ? interval(0, value.max) : monotone(value, (bound) => Math.floor(bound / exact) * exact);
}

function boundedBits(value: SizeInterval, bits: number): SizeInterval {
  return interval(bitLength(value.min), value.max === undefined ? bits : bitLength(value.max));
}

function sixteenBits(value: SizeInterval): SizeInterval {
  return constantOf(value) === 0 ? value : interval(0, 0xffff);
}
