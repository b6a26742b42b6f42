import { type FileMemory, memoryOf } from '../facts/memory';
import type { CallSite, FileFacts } from '../facts/site';
import { isSizeof, sizeofOperand } from '../facts/sizes';
import { NodeKind } from '../syntax/nodes';
import { childrenOf, rangeOf, unparen } from '../syntax/tree';
import { callEdit, lineText } from './callLayout';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';

/** The macros of a function: for one object, and for several. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['kmalloc', 'kmalloc'],
  ['kzalloc', 'kzalloc'],
  ['kvmalloc', 'kvmalloc'],
  ['kvzalloc', 'kvzalloc'],
  ['kmalloc_array', 'kmalloc'],
  ['kcalloc', 'kzalloc'],
  ['kvmalloc_array', 'kvmalloc'],
  ['kvcalloc', 'kvzalloc'],
]);

/** A call as the macros spell it, without the mask. */
interface Spelled {
  readonly macro: string;
  readonly args: readonly string[];
}

function spelled(memory: FileMemory, facts: FileFacts, call: CallSite): Spelled | undefined {
  const family = FAMILIES.get(call.callee)!;
  const { size } = call.api!;
  if (size?.kind === 'array') {
    const [count, element] = [call.args[size.count], call.args[size.element]];
    const object = element === undefined ? undefined : objectOf(memory, facts, call, element.node);
    return object === undefined || count === undefined
      ? undefined
      : { macro: `${family}_objs`, args: [object, lineText(facts, count.range)] };
  }
  const bytes = size?.kind === 'bytes' ? call.args[size.arg] : undefined;
  if (bytes === undefined) return undefined;
  const object = objectOf(memory, facts, call, bytes.node);
  return object === undefined ? flexible(memory, facts, call, bytes.node) : { macro: `${family}_obj`, args: [object] };
}

/** What `sizeof` is asked of, when the result is stored in a pointer to just that: `*p`, or its type. */
function objectOf(memory: FileMemory, facts: FileFacts, call: CallSite, node: number): string | undefined {
  const { tree } = memory;
  const inner = unparen(tree, node);
  const target = memory.targets(call)[0];
  if (target === undefined || !isSizeof(tree, inner)) return undefined;
  const operand = sizeofOperand(tree, inner);
  const text = lineText(facts, rangeOf(tree, operand));
  if (memory.text(operand) === `*${memory.placeText(target)}`) return isPlainNumber(memory, target) ? undefined : text;
  // The macros return a pointer to the type: it must be the one that is declared.
  if (tree.kind[operand] !== NodeKind.TypeName || !/^(struct|union)\s+\w+$/.test(text)) return undefined;
  const type = memory.targetType(target);
  return type?.kind === 'pointer' && type.to.kind === 'record' && type.to.tag === text.replace(/\s+/, ' ') ? text : undefined;
}

/** A local pointer to an integer: the kernel's own conversion left those alone. */
function isPlainNumber(memory: FileMemory, target: number): boolean {
  const kind = memory.tree.kind[target];
  if (kind !== NodeKind.Declarator && kind !== NodeKind.Identifier) return false;
  const type = memory.targetType(target);
  return type?.kind === 'pointer' && type.to.kind === 'scalar';
}

/** `struct_size(p, member, n)` for the pointer that the result is stored in. */
function flexible(memory: FileMemory, facts: FileFacts, call: CallSite, node: number): Spelled | undefined {
  const { tree } = memory;
  const inner = unparen(tree, node);
  const target = memory.targets(call)[0];
  if (target === undefined || tree.kind[inner] !== NodeKind.Call) return undefined;
  const [callee, pointer, member, count] = childrenOf(tree, inner);
  if (memory.text(callee!) !== 'struct_size' || count === undefined || memory.text(pointer!) !== memory.placeText(target)) return undefined;
  const text = (each: number) => lineText(facts, rangeOf(tree, each));
  return { macro: `${FAMILIES.get(call.callee)!}_flex`, args: [`*${text(pointer!)}`, text(member!), text(count)] };
}

function fixOf(facts: FileFacts, call: CallSite, { macro, args }: Spelled): Fix | undefined {
  const mask = call.mask?.text === 'GFP_KERNEL' ? [] : [lineText(facts, call.args[call.api!.gfp!]!.range)];
  const edit = callEdit(facts, call, macro, [...args, ...mask]);
  return edit && { title: `Use ${macro}()`, safety: 'safe', edits: [edit] };
}

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (call.origin !== 'catalogue' || !FAMILIES.has(call.callee) || model.functions.get('kmalloc_obj') === undefined) return [];
  if (call.result.kind === 'returned' || call.result.kind === 'expression' || !/\bsizeof\b|\bstruct_size\b/.test(sizeText(call))) return [];
  const found = spelled(memoryOf(facts, model), facts, call);
  if (found === undefined) return [];
  const fix = fixOf(facts, call, found);
  return [
    {
      range: call.calleeRange,
      message: `${call.callee}() of a type: ${found.macro}() checks that it is the pointer's own`,
      certainty: 'definite',
      fixes: fix === undefined ? [] : [fix],
    },
  ];
}

function sizeText({ api, args }: CallSite): string {
  const { size } = api!;
  return (size?.kind === 'array' ? args[size.element] : size?.kind === 'bytes' ? args[size.arg] : undefined)?.text ?? '';
}

export const objectMacro: Rule = {
  id: 'object-macro',
  summary: 'the size of a type spelled out where this kernel has kmalloc_obj()',
  severity: 'hint',
  doc: `## What it finds

\`p = kmalloc(sizeof(*p), ...)\` and its like in a kernel that has the object macros: \`kmalloc_obj(*p)\`, \`kmalloc_objs(*p, n)\` for arrays,
\`kmalloc_flex(*p, member, n)\` for structs with a flexible array, each also with kz, kv and kvz in front. GFP_KERNEL is their default and left out.

## Why

The macros return a pointer to the type that they allocate, so that the compiler sees when size and pointer do not belong together, and they need no multiplication. Mainline
converted its callers in 7.0.

## Example

\`\`\`c bad
//# kernel 7.0
#include <linux/slab.h>

struct port {
	int number;
};

static struct port *port_new(int number)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (p)
		p->number = number;
	return p;
}
\`\`\`

## Instead

\`\`\`c good
//# kernel 7.0
#include <linux/slab.h>

struct port {
	int number;
};

static struct port *port_new(int number)
{
	struct port *p = kzalloc_obj(*p);

	if (p)
		p->number = number;
	return p;
}
\`\`\`

## When it stays silent

In kernels without the macros (before 7.0; the last 6.12 releases have them), for integers, strings and plain buffers, where the pointer has another type than the one that
is measured or its type is not in sight, and for functions without such a form (devm_kzalloc(), kzalloc_node()).

## References

- include/linux/slab.h (7.0): kmalloc_obj(), kmalloc_objs(), kmalloc_flex()
- scripts/coccinelle/api/kmalloc_objs.cocci (7.0)
`,
  checkCall: check,
};
