import { type FileMemory, memoryOf } from '../facts/memory';
import type { CallSite, FileFacts } from '../facts/site';
import { factorsOf, isCompileTimeConstant, isSizeof, sizeofOperand, termsOf } from '../facts/sizes';
import type { KernelModel } from '../kernel/model';
import { isBefore } from '../kernel/release';
import { rangeOf } from '../syntax/tree';
import { callEdit, type LaidArgument, lineText } from './callLayout';
import { areTested, isHeldByQuotient, largestValue } from './countBounds';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';

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

/** The helpers of include/linux/overflow.h by the number of their factors. */
const ARRAY_SIZES: readonly (string | undefined)[] = [undefined, undefined, 'array_size', 'array3_size'];

/** The largest size_t of 32-bit kernels: a product that stays below it cannot wrap around anywhere. */
const LARGEST_SIZE = 2 ** 32 - 1;

interface Multiplied {
  /** The counts and, last, the size of an element. */
  readonly parts: readonly string[];
  /** Tests hold the counts below limits whose values are not known. */
  readonly isTested: boolean;
}

/** `plain`: the whole size. `flexible`: behind a struct that ends in such an array. `sum`: beside other things. */
type Product = Multiplied &
  (
    | { readonly kind: 'plain' }
    | { readonly kind: 'sum'; readonly terms: readonly LaidArgument[] }
    | { readonly kind: 'flexible'; readonly pointer: string; readonly member: string }
  );

function productOf(memory: FileMemory, facts: FileFacts, call: CallSite, node: number): Product | undefined {
  const { tree } = memory;
  const terms = termsOf(tree, node);
  if (terms.length === 1) {
    const product = multipliedOf(memory, facts, call, node);
    return product === undefined ? undefined : { kind: 'plain', ...product };
  }
  const header = terms.find((term) => isSizeof(tree, term));
  const others = terms.filter((term) => term !== header);
  const whole = header !== undefined && others.length === 1 ? flexible(memory, facts, call, header, others[0]!) : undefined;
  if (whole !== undefined) return whole;
  // Header, array, perhaps another array: no single helper says all of it.
  const term = others.find((each) => factorsOf(tree, each).some((factor) => isSizeof(tree, factor)));
  const product = term === undefined ? undefined : multipliedOf(memory, facts, call, term);
  return product === undefined
    ? undefined
    : { kind: 'sum', ...product, terms: terms.map((each) => checkedTerm(memory, facts, call, each)) };
}

/** `array_size(n, sizeof(x))` for a product that may be too large, else the term as it stands. */
function checkedTerm(memory: FileMemory, facts: FileFacts, call: CallSite, term: number): LaidArgument {
  const args = multipliedOf(memory, facts, call, term)?.parts;
  const callee = args === undefined ? undefined : ARRAY_SIZES[args.length];
  return args === undefined || callee === undefined ? sourceText(facts, memory, term) : { callee, args };
}

/** `sizeof(*p) + n * sizeof(p->items[0])`, the size of a struct that ends in a flexible array; `sizeof(*p) + n` where that is one of bytes. */
function flexible(memory: FileMemory, facts: FileFacts, call: CallSite, header: number, tail: number): Product | undefined {
  const { tree, evaluator } = memory;
  const target = memory.targets(call)[0];
  const record = evaluator.typeOf(tree, sizeofOperand(tree, header));
  if (target === undefined || record.kind !== 'record' || record.definitions.length !== 1) return undefined;
  const pointed = memory.targetType(target);
  const last = record.definitions[0]!.items().at(-1);
  if (last === undefined || 'arms' in last || last.type.kind !== 'array' || last.type.count.max !== 0) return undefined;
  if (pointed?.kind !== 'pointer' || !sameRecord(pointed.to, record)) return undefined;
  const element = evaluator.elementSizeOf(last.type);
  const place = { kind: 'flexible', pointer: memory.placeText(target), member: last.name } as const;
  const measured = factorsOf(tree, tail).find((factor) => isSizeof(tree, factor));
  if (measured === undefined) {
    const bytes = element.min === 1 && element.max === 1 && largestValue(memory, tail) > LARGEST_SIZE;
    return bytes ? { ...place, parts: [sourceText(facts, memory, tail)], isTested: false } : undefined;
  }
  const product = multipliedOf(memory, facts, call, tail);
  const size = evaluator.sizeOf(tree, sizeofOperand(tree, measured));
  const fits = product?.parts.length === 2 && element.min === element.max && element.min === size.min && element.max === size.max;
  return fits ? { ...place, ...product } : undefined;
}

function sameRecord(a: { readonly kind: string; readonly tag?: string }, b: { readonly tag: string }): boolean {
  return a.kind === 'record' && a.tag === b.tag && b.tag !== '';
}

/** A product that is not known to stay small; undefined when it is none. */
function multipliedOf(memory: FileMemory, facts: FileFacts, { callee }: CallSite, node: number): Multiplied | undefined {
  const { tree } = memory;
  const factors = factorsOf(tree, node);
  if (factors.length < 2) return undefined;
  const isConstant = (factor: number) => isCompileTimeConstant(tree, factor, (token) => memory.tokenText(token));
  const constants = factors.filter(isConstant);
  const counts = factors.filter((factor) => !constants.includes(factor));
  // `len * 2` is a longer buffer, and so is what krealloc() gets: there are no elements.
  const measured = factors.some((factor) => isSizeof(tree, factor));
  if (!measured && (/krealloc$/.test(callee) || constants.some((factor) => memory.text(factor) === '2'))) return undefined;
  // Bytes are as many as their number.
  if (counts.length === 1 && constants.every((factor) => largestValue(memory, factor) === 1)) return undefined;
  if (counts.length === 0 || counts.some((count) => isHeldByQuotient(memory, count))) return undefined;
  if (factors.reduce((product, factor) => product * largestValue(memory, factor), 1) <= LARGEST_SIZE) return undefined;
  const text = (factor: number) => sourceText(facts, memory, factor);
  // `n * sizeof(x) * 2`: what the compiler multiplies is one number.
  const element = constants.map((factor) => (constants.length > 1 ? wrapped(tree, factor, text(factor)) : text(factor)));
  return {
    parts: [...counts.map(text), ...(element.length > 0 ? [element.join(' * ')] : [])],
    isTested: areTested(memory, counts),
  };
}

function wrapped(tree: FileMemory['tree'], node: number, text: string): string {
  return tree.end[node]! - tree.first[node]! > 1 && !isSizeof(tree, node) && !/^\w+\(/.test(text) ? `(${text})` : text;
}

function sourceText(facts: FileFacts, memory: FileMemory, node: number): string {
  return lineText(facts, rangeOf(memory.tree, node));
}

function fixOf(facts: FileFacts, model: KernelModel, call: CallSite, product: Product): Fix | undefined {
  const position = sizePosition(call);
  const replaced = (callee: string, size: readonly LaidArgument[]): Fix | undefined => {
    const args = call.args.flatMap((argument, index) => (index === position ? size : [lineText(facts, argument.range)]));
    const edit = callEdit(facts, call, callee, args);
    const [helper] = size;
    const checker = typeof helper === 'object' ? helper.callee : callee;
    return edit === undefined ? undefined : { title: `Use ${checker}()`, safety: 'safe', edits: [edit] };
  };
  const { parts } = product;
  if (product.kind === 'sum') {
    // include/linux/overflow.h has it from 5.18 on.
    if (isBefore(model.release, 5, 18)) return undefined;
    return replaced(call.callee, [product.terms.reduce((sum, term) => ({ callee: 'size_add', args: [sum, term] }))]);
  }
  if (product.kind === 'flexible')
    return replaced(call.callee, [{ callee: 'struct_size', args: [product.pointer, product.member, parts[0]!] }]);
  const form = ARRAY_FORMS.get(call.callee)!;
  if (parts.length === 2 && form !== call.callee && model.functions.get(form) !== undefined) return replaced(form, parts);
  const callee = ARRAY_SIZES[parts.length];
  return callee === undefined ? undefined : replaced(call.callee, [{ callee, args: parts }]);
}

function sizePosition(call: CallSite): number {
  return call.api?.size?.kind === 'bytes' ? call.api.size.arg : -1;
}

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (call.origin !== 'catalogue' || !ARRAY_FORMS.has(call.callee) || isTestSource(facts.file.path)) return [];
  const size = call.args[sizePosition(call)];
  if (size === undefined || !/\*|\bsizeof\b.*\+|\+.*\bsizeof\b/s.test(size.text) || isBounded(call)) return [];
  const product = productOf(memoryOf(facts, model), facts, call, size.node);
  if (product === undefined) return [];
  const fix = fixOf(facts, model, call, product);
  // A sum overflows where the length alone nearly does.
  const onlySum = product.parts.length === 1;
  const text = onlySum ? size.text : multiplied(product.parts);
  const claim = product.isTested ? `the tests before do not show that ${text} cannot overflow` : `nothing checks ${text} for overflow`;
  return [
    {
      range: size.range,
      message: fix === undefined ? claim : `${claim}: ${fix.title.replace('Use ', '')} does`,
      certainty: onlySum || product.isTested ? 'possible' : 'definite',
      fixes: fix === undefined ? [] : [fix],
    },
  ];
}

function multiplied(parts: readonly string[]): string {
  return parts.map((part) => (/[-+|&?<>] /.test(part) && !/^\w+\(.*\)$/.test(part) ? `(${part})` : part)).join(' * ');
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
a flexible array. \`sizeof(*p) + len\` for a struct with a flexible array of bytes is possible. The fix writes \`kmalloc_array()\`, \`kcalloc()\`, \`struct_size()\`, or \`array_size()\` where this kernel has no array form;
for sums of several arrays \`size_add()\` and \`array_size()\` from 5.18 on.

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

When the compiler knows all factors, when a buffer only grows (\`len * 2\`, \`krealloc(p, size * 3, ...)\`), when types, tests and clamps bound the product below 4 GiB, or what all callers of a static
function pass, or what the file stores in a member of its own struct; when a test asks how many fit (\`n > SIZE_MAX / sizeof(*p)\`), when \`array_size()\` and its like are used already, when
the product is computed in a statement before, and in tests. Where tests hold the count below a limit that is not known, the finding is possible.

## References

- Documentation/process/deprecated.rst: "open-coded arithmetic in allocator arguments"
- include/linux/overflow.h: array_size(), array3_size(), struct_size()
`,
  checkCall: check,
};
