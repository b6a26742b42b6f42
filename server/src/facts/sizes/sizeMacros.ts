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
    const [left, right, bound] = [call.value(1), call.value(2), call.typeBound(0)];
    const fits = (value: SizeInterval) => bound === undefined || (value.max !== undefined && value.max <= bound);
    // Both are cast first: what does not fit the type wraps around.
    return fits(left) && fits(right) ? operation(left, right) : interval(0, bound);
  };
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
  ['ARRAY_SIZE', (call) => call.arrayLength(0)],
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
  ['num_online_cpus', () => interval(1, 8192)],
  ['num_possible_cpus', () => interval(1, 8192)],
  ['num_present_cpus', () => interval(1, 8192)],
  ['le16_to_cpu', (call) => sixteenBits(call.value(0))],
  ['be16_to_cpu', (call) => sixteenBits(call.value(0))],
  ['get_unaligned_le16', () => interval(0, 0xffff)],
  ['get_unaligned_be16', () => interval(0, 0xffff)],
  ['likely', (call) => call.value(0)],
  ['unlikely', (call) => call.value(0)],
  ['READ_ONCE', (call) => call.value(0)],
  ['array_index_nospec', (call) => interval(0, subtract(call.value(1), exactly(1)).max)],
]);

/** The helper of that name, or undefined. */
export function sizeMacro(name: string): SizeMacro | undefined {
  return MACROS.get(name);
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
