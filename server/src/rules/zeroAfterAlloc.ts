import type { TextRange } from '../base/range';
import { memoryOf, type Zeroing, zeroingAfter } from '../facts/memory';
import type { CallSite, FileFacts } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAll } from '../mask/mask';
import { callEdit, lineText } from './callLayout';
import type { Fix, Rule, RuleContext, RuleFinding, TextEdit } from './rule';
import { isTestSource } from './sourcePlace';

/** The form that zeroes what it allocates. */
const ZEROING_FORMS: ReadonlyMap<string, string> = new Map([
  ['kmalloc', 'kzalloc'],
  ['kmalloc_node', 'kzalloc_node'],
  ['kmalloc_array', 'kcalloc'],
  ['kmalloc_array_node', 'kcalloc_node'],
  ['kvmalloc', 'kvzalloc'],
  ['kvmalloc_node', 'kvzalloc_node'],
  ['kvmalloc_array', 'kvcalloc'],
  ['vmalloc', 'vzalloc'],
  ['vmalloc_node', 'vzalloc_node'],
  ['vmalloc_array', 'vcalloc'],
  ['devm_kmalloc', 'devm_kzalloc'],
  ['devm_kmalloc_array', 'devm_kcalloc'],
  ['drmm_kmalloc', 'drmm_kzalloc'],
  ['drmm_kmalloc_array', 'drmm_kcalloc'],
  ['kmem_cache_alloc', 'kmem_cache_zalloc'],
  ['dma_pool_alloc', 'dma_pool_zalloc'],
  ['__get_free_page', 'get_zeroed_page'],
]);

/** They hand out zeroed memory whatever the mask says, from this release on (kernel/dma/mapping.c; mainline commit of 5.0). */
const ALWAYS_ZEROED = /^dmam?_alloc_(coherent|attrs|wc)$/;

/** Bytes behind an allocation in which its zeroing must start; a NULL check with a message fits in. */
const REACH = 600;
const MENTION = /\b(?:memset|clear_page)\b/;

const decoder = new TextDecoder();

/** The text behind the call names a function that zeroes: most calls are done with that question. */
function isMentioned(facts: FileFacts, call: CallSite): boolean {
  const { bytes } = facts.file;
  return MENTION.test(decoder.decode(bytes.subarray(call.range.end, Math.min(call.range.end + REACH, bytes.length))));
}

function isZeroedAlready(call: CallSite, model: KernelModel): boolean {
  if (ALWAYS_ZEROED.test(call.callee)) return model.release.major >= 5;
  return hasAll(call.effectiveMask, model.flags.bitsOf('__GFP_ZERO')) === true;
}

/** Takes a statement out, with its line when nothing else stands on it. */
function removal(facts: FileFacts, statement: TextRange): TextEdit {
  const { bytes } = facts.file;
  let { start, end } = statement;
  while (bytes[start - 1] === 0x20 || bytes[start - 1] === 0x09) start--;
  while (bytes[end] === 0x20 || bytes[end] === 0x09 || bytes[end] === 0x3b) end++;
  const beginsLine = bytes[start - 1] === 0x0a;
  const endsLine = bytes[end] === 0x0a;
  // Beside other code it goes with the blanks on one side.
  if (!beginsLine || !endsLine) return { range: { start: endsLine ? start : statement.start, end }, newText: '' };
  // A blank line on both sides would leave two.
  const blankBefore = bytes[start - 2] === 0x0a;
  const blankBehind = bytes[end + 1] === 0x0a;
  return { range: { start, end: end + (blankBefore && blankBehind ? 2 : 1) }, newText: '' };
}

function isCommentedAbove(facts: FileFacts, { start }: TextRange): boolean {
  const before = decoder.decode(facts.file.bytes.subarray(Math.max(start - REACH, 0), start));
  return /\*\/\s*$|\/\/[^\n]*\n\s*$/.test(before);
}

function fixOf(facts: FileFacts, model: KernelModel, call: CallSite, zeroing: Zeroing): Fix | undefined {
  if (zeroing.statement === undefined) return undefined;
  const remove = removal(facts, zeroing.statement);
  // What a comment above the statement says would stand alone.
  const safety = isCommentedAbove(facts, zeroing.statement) ? 'unsafe' : 'safe';
  if (isZeroedAlready(call, model)) return { title: `Remove the ${zeroing.callee}()`, safety, edits: [remove] };
  const form = ZEROING_FORMS.get(call.callee);
  const rename =
    form === undefined
      ? undefined
      : callEdit(
          facts,
          call,
          form,
          call.args.map((argument) => lineText(facts, argument.range)),
        );
  if (form === undefined || rename === undefined) return undefined;
  return { title: `Use ${form}()`, safety, edits: [rename, remove] };
}

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  const zeroed = isZeroedAlready(call, model);
  const form = ZEROING_FORMS.get(call.callee);
  if (call.api?.allocates === undefined && !zeroed) return [];
  if (call.origin !== 'catalogue' || (!zeroed && (form === undefined || model.functions.get(form) === undefined))) return [];
  if (isTestSource(facts.file.path) || !isMentioned(facts, call)) return [];
  const zeroing = zeroingAfter(memoryOf(facts, model), call);
  if (zeroing === undefined) return [];
  const fix = fixOf(facts, model, call, zeroing);
  return [
    {
      range: zeroing.range,
      message: zeroed
        ? `${zeroing.callee}() zeroes ${zeroing.place} once more: ${call.callee}() has done it`
        : `${zeroing.place} is zeroed right after ${call.callee}(): ${form}() does both`,
      certainty: 'definite',
      unnecessary: zeroed,
      trace: [{ range: call.range, message: `allocated by ${call.callee}() here` }],
      fixes: fix === undefined ? [] : [fix],
      call,
    },
  ];
}

export const zeroAfterAlloc: Rule = {
  id: 'zero-after-alloc',
  summary: 'memory set to zero by hand right after its allocation',
  severity: 'hint',
  doc: `## What it finds

\`memset(p, 0, size)\` over all that \`kmalloc()\`, \`kmalloc_array()\`, \`vmalloc()\`, \`kmem_cache_alloc()\` or \`dma_pool_alloc()\` has just returned, with nothing between them but
the NULL check; and the same after a function that has zeroed the memory already (\`kzalloc()\`, \`dma_alloc_coherent()\`).

## Why

The zeroing form says the same in one line, cannot get the size wrong, and saves the work where pages are zeroed anyway (init_on_alloc) or come from the
zeroed pool of the DMA layer.

## Example

\`\`\`c bad
#include <linux/slab.h>
#include <linux/string.h>

struct stats {
	u64 packets;
};

static struct stats *stats_new(void)
{
	struct stats *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	return s;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct stats {
	u64 packets;
};

static struct stats *stats_new(void)
{
	return kzalloc(sizeof(struct stats), GFP_KERNEL);
}
\`\`\`

## When it stays silent

When a part of the memory is zeroed, when another statement lies between, in loops that use the memory again, where the sizes are not
spelled alike, and in tests.

## References

- scripts/coccinelle/api/alloc/zalloc-simple.cocci
- kernel/dma/mapping.c: dma_alloc_attrs() zeroes since 5.0
`,
  checkCall: check,
};
