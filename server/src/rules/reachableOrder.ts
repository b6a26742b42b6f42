import { type FileMemory, memoryOf, type ValueOrigin, valueOrigin } from '../facts/memory';
import type { CallSite, FunctionFacts, SizeFact } from '../facts/site';
import { bytesAboveOrder } from '../facts/sizes';
import { bytesText, NOT_ONE_BLOCK } from './blockSize';
import { isQuiet, triesHard } from './retryPolicy';
import type { RuleContext, RuleFinding } from './rule';
import { isBootCode, isTestSource } from './sourcePlace';

/** Element counts that drivers reach in practice: queues, rings, descriptors. */
const PLAUSIBLE_COUNT = 1024;

/** Processors that servers in ordinary use have. */
const USUAL_CPUS = 128;

/** Names of counts of which drivers make one for each processor. */
const FOR_EACH_CPU = /cpu|queue|channel|vector|(?:^|[_.>])n?r?_?(?:[rt]x)?qs?$|[rt]xqs?\b/i;

/** Words without which nothing in a function can have come from outside. */
const OUTSIDE =
  /user|kstrto|sscanf|nla_get|simple_strto|iov_iter_count|drm_file|ctl_table|nr_cpu_ids|num_(?:possible|online|present|active)_cpus|rss_queues/;

const decoder = new TextDecoder();
const outsideFunctions = new WeakMap<FunctionFacts, boolean>();

/** Whether it is worth looking where a value of the function comes from. */
function mayComeFromOutside({ function: owner }: CallSite, { hasModuleParameters }: FileMemory): boolean {
  let outside = outsideFunctions.get(owner);
  if (outside === undefined) {
    outside = OUTSIDE.test(decoder.decode(owner.file.bytes.subarray(owner.range.start, owner.range.end)));
    outsideFunctions.set(owner, outside);
  }
  return outside || hasModuleParameters;
}

function originOf(call: CallSite, { facts, model }: RuleContext): ValueOrigin | undefined {
  const shape = call.api?.size;
  const position =
    shape?.kind === 'array' ? shape.count : shape?.kind === 'bytes' ? shape.arg : shape?.kind === 'object' ? shape.count : undefined;
  const argument = position === undefined ? undefined : call.args[position];
  if (argument === undefined || argument.node === 0) return undefined;
  const memory = memoryOf(facts, model);
  return mayComeFromOutside(call, memory) ? valueOrigin(memory, argument.node) : undefined;
}

/** A request whose size is not known, or only up to a bound above the costly orders: from which count or length on it is costly, and who gets there. */
export function reachable(call: CallSite, context: RuleContext): RuleFinding[] {
  const { api, size } = call;
  const { model } = context;
  const { costlyOrder, pageSize } = model.limits;
  const limit = bytesAboveOrder(costlyOrder, pageSize);
  if (!api?.contiguous || size === undefined || size.order !== undefined || NOT_ONE_BLOCK.has(api.allocates ?? '')) return [];
  if ((size.bytes.max !== undefined && size.bytes.max < limit) || size.bytes.min >= limit) return [];
  if (isQuiet(call, model) || triesHard(call, model) === false) return [];
  const origin = originOf(call, context);
  const count = countFor(size, limit);
  const sure = origin !== undefined && triesHard(call, model) === true && isReached(origin, count);
  if (!sure && (count === undefined || count > PLAUSIBLE_COUNT || !context.possible)) return [];
  const order = costlyOrder + 1;
  const from =
    count === undefined || size.count === undefined
      ? `order ${order} above ${bytesText(limit - 1)}`
      : `order ${order} from ${size.count.text} = ${count}`;
  return [
    {
      range: call.range,
      message: `${call.callee}() of ${amountText(call, size)}: ${from}, ${whoReaches(call, origin, count)}`,
      certainty: sure ? 'definite' : 'possible',
      severity: sure && !isBootCode(call.function) && !isTestSource(call.function.file.path) ? 'info' : 'hint',
      trace: origin === undefined ? [] : [{ range: origin.range, message: `${origin.name} comes from ${origin.through} here` }],
      call,
      mask: call.effectiveMask,
    },
  ];
}

/** The least count of elements that needs more than `limit` bytes; undefined when the size of an element is not known or exceeds that alone. */
function countFor({ element, count }: SizeFact, limit: number): number | undefined {
  if (element === undefined || count === undefined || element.interval.min === 0) return undefined;
  const least = Math.ceil(limit / element.interval.min);
  return least <= 1 ? undefined : least;
}

/** Whether somebody surely gets to the count: user space to any, the number of processors to what machines have. */
function isReached(origin: ValueOrigin, count: number | undefined): boolean {
  if (origin.judged) return false;
  return origin.kind === 'user' || (origin.kind === 'cpus' && count !== undefined && count <= USUAL_CPUS);
}

function amountText(call: CallSite, { element, count }: SizeFact): string {
  if (element === undefined || count === undefined || element.interval.min === 0) {
    const position = call.api?.size?.kind === 'bytes' ? call.api.size.arg : -1;
    return `${count === undefined ? (call.args[position]?.text ?? 'a length') : `${count.text} elements`}${count === undefined ? ' bytes' : ''}`;
  }
  const exact = element.interval.max === element.interval.min;
  return `${exact ? '' : 'at least '}${bytesText(element.interval.min)} × ${count.text}`;
}

function whoReaches(call: CallSite, origin: ValueOrigin | undefined, count: number | undefined): string {
  if (origin?.kind === 'user') return `which user space may ask for (${origin.through})`;
  if (origin?.kind === 'module-parameter') return `which the module parameter ${origin.name} may ask for`;
  const forEachCpu = origin?.kind === 'cpus' || FOR_EACH_CPU.test(call.size?.count?.text ?? '');
  return forEachCpu && count !== undefined
    ? `which a machine with ${count} possible CPUs reaches`
    : 'where it may fail although memory is free';
}
