import type { CallSite, MaskSite, MaskTerm } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import { removeTerm } from './maskEdits';
import { buildsMask, isWritten, spanOf, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding, TextEdit } from './rule';
import { isAllocatorSource } from './sourcePlace';

/** Functions that clear their memory by themselves, for those that are told to with __GFP_ZERO. */
const ZEROING_FORMS: Readonly<Record<string, string>> = {
  kmalloc: 'kzalloc',
  kmalloc_node: 'kzalloc_node',
  kmalloc_array: 'kcalloc',
  kmalloc_array_node: 'kcalloc_node',
  kvmalloc: 'kvzalloc',
  kvmalloc_node: 'kvzalloc_node',
  kvmalloc_array: 'kvcalloc',
  kmem_cache_alloc: 'kmem_cache_zalloc',
  devm_kmalloc: 'devm_kzalloc',
  devm_kmalloc_array: 'devm_kcalloc',
  dma_pool_alloc: 'dma_pool_zalloc',
};

/** Composites that code may spell out without meaning them: internal sets, zone names, and the policies for huge pages and page tables. */
function isName(name: string): boolean {
  return !/MASK$|TRANSHUGE|^GFP_DMA|^GFP_PGTABLE/.test(name);
}

interface Named {
  readonly name: string;
  readonly terms: readonly MaskTerm[];
}

/** The composite that replaces most of the words, each of which it contains, without adding a flag. */
function bestName(words: readonly MaskTerm[], flags: FlagTable): Named | undefined {
  let best: Named | undefined;
  for (const { name, bits } of flags.composites) {
    if (!isName(name) || words.some((term) => termBits(term, flags) === bits)) continue;
    const inside = words.filter((term) => (termBits(term, flags) & ~bits) === 0);
    if (inside.length < 2 || inside.length <= (best?.terms.length ?? 0)) continue;
    if (inside.reduce((sum, term) => sum | termBits(term, flags), 0) === bits) best = { name, terms: inside };
  }
  return best;
}

function spelledOut(site: MaskSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  if (isAllocatorSource(facts.file.path) || site.use === 'other' || !buildsMask(site, facts)) return [];
  const { flags } = model;
  if (site.terms.some((term) => term.role === 'and' || term.role === 'remove' || term.role === 'test')) return [];
  const words = site.terms.filter((term) => term.role === 'or' && isWritten(term) && termBits(term, flags) !== 0);
  const named = bestName(words, flags);
  if (!named) return [];
  const [first, ...others] = named.terms;
  const removals = others.map((term) => removeTerm(facts, site, term));
  const edits: TextEdit[] = [{ range: first!.range, newText: named.name }];
  for (const removal of removals) if (removal) edits.push(removal);
  const whole = removals.every((removal) => removal !== undefined);
  return [
    {
      range: spanOf(named.terms.map((term) => term.range)),
      message: `${named.terms.map((term) => term.text).join(' | ')} is ${named.name}`,
      certainty: 'definite',
      fixes: whole ? [{ title: `Use ${named.name}`, safety: 'safe', edits }] : [],
    },
  ];
}

function zeroedByFlag(call: CallSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  const form = ZEROING_FORMS[call.callee];
  if (form === undefined || !call.mask || call.origin !== 'catalogue' || isAllocatorSource(facts.file.path)) return [];
  if (!model.functions.get(form)) return [];
  const zero = model.flags.bitsOf('__GFP_ZERO');
  const term = termsWith(call.mask, model.flags, zero).find((word) => isWritten(word) && termBits(word, model.flags) === zero);
  if (!term) return [];
  const removal = removeTerm(facts, call.mask, term);
  const edits = removal ? [{ range: call.calleeRange, newText: form }, removal] : [];
  return [
    {
      range: term.range,
      message: `${call.callee}() with __GFP_ZERO is ${form}()`,
      certainty: 'definite',
      fixes: removal ? [{ title: `Use ${form}()`, safety: 'safe', edits }] : [],
    },
  ];
}

export const openCodedMask: Rule = {
  id: 'open-coded-mask',
  summary: 'spelled-out flags that have a name',
  severity: 'hint',
  doc: `## What it finds

Flags that together are a composite (\`__GFP_RECLAIM | __GFP_IO | __GFP_FS\` is \`GFP_KERNEL\`), and \`__GFP_ZERO\` given to a function that has a zeroing
form: \`kvmalloc_array(n, size, GFP_KERNEL | __GFP_ZERO)\` is \`kvcalloc(n, size, GFP_KERNEL)\`.

## Why

The composites are the interface: they follow when the allocator splits or renames a flag, and a reader knows them. The same holds for the zeroing forms.

## Example

\`\`\`c bad
#include <linux/slab.h>

u32 *offsets(unsigned int count)
{
	return kmalloc_array(count, sizeof(u32), GFP_KERNEL | __GFP_ZERO);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

u32 *offsets(unsigned int count)
{
	return kcalloc(count, sizeof(u32), GFP_KERNEL);
}
\`\`\`

## When it stays silent

Sets of bits that are tested or cleared; the sources under mm/; page allocations with \`__GFP_ZERO\`, most of which have no zeroing form.

## References

- include/linux/gfp_types.h: "Useful GFP flag combinations"
- include/linux/slab.h
`,
  checkMask: spelledOut,
  checkCall: zeroedByFlag,
};
