import { type FileMemory, memoryOf } from '../facts/memory';
import type { CallSite, FileFacts } from '../facts/site';
import { factorsOf, isCompileTimeConstant, isSizeof, sizeofOperand, termsOf } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';
import { rangeOf } from '../syntax/tree';
import { callEdit, type LaidArgument, lineText } from './callLayout';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';

/** The form that takes count and size of an element where the plain one takes bytes. */
const ARRAY_FORMS: ReadonlyMap<string, string> = new Map([
  ['kmalloc', 'kmalloc_array'],
  ['kzalloc', 'kcalloc'],
  ['kvmalloc', 'kvmalloc_array'],
  ['kvzalloc', 'kvcalloc'],
  ['kmalloc_node', 'kmalloc_array_node'],
  ['kzalloc_node', 'kcalloc_node'],
  ['kvmalloc_node', 'kvmalloc_array_node'],
  ['kvzalloc_node', 'kvcalloc_node'],
  ['krealloc', 'krealloc_array'],
  ['kmemdup', 'kmemdup_array'],
  ['memdup_user', 'memdup_array_user'],
  ['vmemdup_user', 'vmemdup_array_user'],
  ['devm_kmalloc', 'devm_kmalloc_array'],
  ['devm_kzalloc', 'devm_kcalloc'],
  ['devm_krealloc', 'devm_krealloc_array'],
  ['devm_kmemdup', 'devm_kmemdup_array'],
  ['drmm_kmalloc', 'drmm_kmalloc_array'],
  ['drmm_kzalloc', 'drmm_kcalloc'],
  ['vmalloc', 'vmalloc_array'],
  ['vzalloc', 'vcalloc'],
  ['__vmalloc', '__vmalloc_array'],
  ['sock_kmalloc', 'sock_kmalloc'],
]);

/** The largest size_t of 32-bit kernels: a product that stays below it cannot wrap around anywhere. */
const LARGEST_SIZE = 2 ** 32 - 1;
/** No object is larger: bounds the size of types that are not in sight. */
const LARGEST_OBJECT = 2 ** 20;

/** Words that a bitmap of 2^32 bits has at most: fewer than bytes fit into size_t. */
const MOST_WORDS = 2 ** 26;

interface Product {
  /** Factors as the array form takes them: one or more counts, then the size of an element. */
  readonly parts: readonly string[];
  /** The name of the flexible array member, and the header's `sizeof`, where the product stands behind a header. */
  readonly header?: { readonly pointer: string; readonly member: string | undefined };
}

function productOf(memory: FileMemory, facts: FileFacts, call: CallSite, node: number): Product | undefined {
  const terms = termsOf(memory.tree, node);
  if (terms.length === 1) {
    const parts = partsOf(memory, facts, call, node);
    return parts === undefined ? undefined : { parts };
  }
  if (terms.length !== 2) return undefined;
  const header = terms.find((term) => isSizeof(memory.tree, term));
  const product = terms.find((term) => term !== header);
  return header === undefined || product === undefined ? undefined : flexible(memory, facts, call, header, product);
}

/** `sizeof(*p) + n * sizeof(p->items[0])`, the size of a struct that ends in a flexible array. */
function flexible(memory: FileMemory, facts: FileFacts, call: CallSite, header: number, product: number): Product | undefined {
  const { tree, evaluator } = memory;
  const parts = partsOf(memory, facts, call, product);
  const target = memory.targets(call)[0];
  const record = evaluator.typeOf(tree, sizeofOperand(tree, header));
  if (parts?.length !== 2 || target === undefined || record.kind !== 'record') return undefined;
  const element = factorsOf(tree, product).find((factor) => isSizeof(tree, factor));
  const size = element === undefined ? undefined : evaluator.sizeOf(tree, sizeofOperand(tree, element));
  const last = record.definitions.length === 1 ? record.definitions[0]!.items().at(-1) : undefined;
  if (size === undefined || last === undefined || 'arms' in last || last.type.kind !== 'array' || last.type.count.max !== 0)
    return undefined;
  const own = evaluator.elementSizeOf(last.type);
  const pointed = memory.targetType(target);
  const fits =
    own.min === own.max && own.min === size.min && own.max === size.max && pointed?.kind === 'pointer' && sameRecord(pointed.to, record);
  return fits ? { parts, header: { pointer: memory.placeText(target), member: last.name } } : undefined;
}

function sameRecord(a: { readonly kind: string; readonly tag?: string }, b: { readonly tag: string }): boolean {
  return a.kind === 'record' && a.tag === b.tag && b.tag !== '';
}

/** The counts and, last, the size of an element of a product that is not known to stay small; undefined when it is none. */
function partsOf(memory: FileMemory, facts: FileFacts, { callee }: CallSite, node: number): string[] | undefined {
  const { tree } = memory;
  const factors = factorsOf(tree, node);
  if (factors.length < 2) return undefined;
  const isConstant = (factor: number) => isCompileTimeConstant(tree, factor, (token) => memory.tokenText(token));
  const constants = factors.filter(isConstant);
  const counts = factors.filter((factor) => !constants.includes(factor));
  // `len * 2` is a longer buffer, and so is what krealloc() gets: there are no elements.
  const measured = factors.some((factor) => isSizeof(tree, factor));
  if (!measured && (/krealloc$/.test(callee) || constants.some((factor) => memory.text(factor) === '2'))) return undefined;
  if (counts.length === 0 || factors.reduce((product, factor) => product * boundOf(memory, factor), 1) <= LARGEST_SIZE) return undefined;
  const text = (factor: number) => sourceText(facts, memory, factor);
  // `n * sizeof(x) * 2`: what the compiler multiplies is one number.
  const element = constants.map((factor) => (constants.length > 1 ? wrapped(tree, factor, text(factor)) : text(factor)));
  return [...counts.map(text), ...(element.length > 0 ? [element.join(' * ')] : [])];
}

function wrapped(tree: FileMemory['tree'], node: number, text: string): string {
  return tree.end[node]! - tree.first[node]! > 1 && !isSizeof(tree, node) && !/^\w+\(/.test(text) ? `(${text})` : text;
}

function boundOf(memory: FileMemory, factor: number): number {
  const { max } = memory.evaluator.evaluate(memory.tree, factor).interval;
  if (max !== undefined) return max;
  if (/^BITS_TO_(LONGS|U64|U32|BYTES)\(/.test(memory.text(factor))) return MOST_WORDS;
  return isCompileTimeConstant(memory.tree, factor, (token) => memory.tokenText(token)) ? LARGEST_OBJECT : Number.POSITIVE_INFINITY;
}

function sourceText(facts: FileFacts, memory: FileMemory, node: number): string {
  return lineText(facts, rangeOf(memory.tree, node));
}

function fixOf(facts: FileFacts, model: KernelModel, call: CallSite, { parts, header }: Product): Fix | undefined {
  const position = sizePosition(call);
  const replaced = (callee: string, size: readonly LaidArgument[]): Fix | undefined => {
    const args = call.args.flatMap((argument, index) => (index === position ? size : [lineText(facts, argument.range)]));
    const edit = callEdit(facts, call, callee, args);
    const [helper] = size;
    const checker = typeof helper === 'object' ? helper.callee : callee;
    return edit === undefined ? undefined : { title: `Use ${checker}()`, safety: 'safe', edits: [edit] };
  };
  if (header !== undefined)
    return header.member === undefined
      ? undefined
      : replaced(call.callee, [{ callee: 'struct_size', args: [header.pointer, header.member, parts[0]!] }]);
  const form = ARRAY_FORMS.get(call.callee)!;
  if (parts.length === 2 && form !== call.callee && model.functions.get(form) !== undefined) return replaced(form, parts);
  if (parts.length === 2) return replaced(call.callee, [{ callee: 'array_size', args: parts }]);
  return parts.length === 3 ? replaced(call.callee, [{ callee: 'array3_size', args: parts }]) : undefined;
}

function sizePosition(call: CallSite): number {
  return call.api?.size?.kind === 'bytes' ? call.api.size.arg : -1;
}

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (call.origin !== 'catalogue' || !ARRAY_FORMS.has(call.callee)) return [];
  const size = call.args[sizePosition(call)];
  if (size === undefined || !size.text.includes('*') || isBounded(call)) return [];
  const memory = memoryOf(facts, model);
  const product = productOf(memory, facts, call, size.node);
  if (product === undefined) return [];
  const fix = fixOf(facts, model, call, product);
  const multiplied = product.parts.map((part) => (/[-+|&?<>] /.test(part) && !/^\w+\(.*\)$/.test(part) ? `(${part})` : part)).join(' * ');
  return [
    {
      range: size.range,
      message: `nothing checks ${multiplied} for overflow${fix === undefined ? '' : `: ${fix.title.replace('Use ', '')} does`}`,
      certainty: 'definite',
      fixes: fix === undefined ? [] : [fix],
    },
  ];
}

/** Bounds that the size analysis has found already: no product of them wraps around. */
function isBounded({ size }: CallSite): boolean {
  return size?.bytes.max !== undefined && size.bytes.max <= LARGEST_SIZE;
}

export const openCodedMultiply: Rule = {
  id: 'open-coded-multiply',
  summary: 'a size that is multiplied in the argument, without a check for overflow',
  severity: 'hint',
  doc: `## What it finds

\`n * size\` as the size of an allocation, where nothing bounds the product: \`kmalloc(n * sizeof(*p), ...)\`, \`sizeof(*p) + n * sizeof(p->item[0])\` for a struct with
a flexible array. The fix writes \`kmalloc_array()\`, \`kcalloc()\`, \`struct_size()\`, or \`array_size()\` where this kernel has no array form.

## Why

When the product does not fit into size_t it wraps around: the allocation succeeds with too little memory, and the loop that fills it writes behind its end. On
32-bit machines a count from user space of some hundred million is enough. The array forms return NULL instead.

## Example

\`\`\`c bad
#include <linux/slab.h>

static u64 *stamps_new(unsigned int count)
{
	return kmalloc(count * sizeof(u64), GFP_KERNEL);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

static u64 *stamps_new(unsigned int count)
{
	return kmalloc_array(count, sizeof(u64), GFP_KERNEL);
}
\`\`\`

## When it stays silent

When the compiler knows all factors, when a buffer only grows (\`len * 2\`, \`krealloc(p, size * 3, ...)\`), when types, tests and clamps bound the product below 4 GiB, when \`array_size()\` and its like are used already, and when
the product is computed in a statement before.

## References

- Documentation/process/deprecated.rst: "open-coded arithmetic in allocator arguments"
- include/linux/overflow.h: array_size(), array3_size(), struct_size()
`,
  checkCall: check,
};
