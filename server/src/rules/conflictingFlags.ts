import type { MaskSite, MaskTerm } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import { removeTermFix } from './maskEdits';
import { buildsMask, isWritten, spanOf, termBits, termsWith, writtenName } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { listed } from './words';

/** Flags of which at most one makes sense, and what is wrong with two of them. */
const EXCLUSIVE: readonly { readonly names: readonly string[]; readonly why: string }[] = [
  {
    names: ['__GFP_NORETRY', '__GFP_RETRY_MAYFAIL', '__GFP_REPEAT', '__GFP_NOFAIL'],
    why: 'each of them sets how long the allocator tries',
  },
  { names: ['__GFP_MEMALLOC', '__GFP_NOMEMALLOC'], why: 'the first opens the reserves, the second closes them and wins' },
  { names: ['__GFP_RECLAIMABLE', '__GFP_MOVABLE'], why: 'a page has one mobility type' },
];

/** What makes a base mask: how it may reclaim, and whether it is urgent. */
const POLICY = ['__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM', '__GFP_IO', '__GFP_FS', '__GFP_HIGH', '__GFP_ATOMIC'];

function bitsOf(flags: FlagTable, names: readonly string[]): number {
  return names.reduce((bits, name) => bits | flags.bitsOf(name), 0);
}

/** The policy part of a base mask such as GFP_KERNEL; 0 for flags, and zone composites (GFP_DMA). */
export function basePolicy(term: MaskTerm, flags: FlagTable): number {
  if (term.kind !== 'composite' || !term.text.startsWith('GFP_')) return 0;
  const bits = termBits(term, flags);
  return (bits & bitsOf(flags, ['__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM'])) === 0 ? 0 : bits & bitsOf(flags, POLICY);
}

function twoBases(site: MaskSite, { model, facts }: RuleContext): RuleFinding[] {
  const { flags } = model;
  if (site.terms.some((term) => term.role === 'remove' || term.role === 'and')) return [];
  const bases = site.terms.filter((term) => term.role === 'or' && basePolicy(term, flags) !== 0);
  const first = bases[0];
  const other = bases.find((term) => basePolicy(term, flags) !== basePolicy(first!, flags));
  if (!first || !other || first.range.start === other.range.start) return [];
  const sum = flags.print(termBits(first, flags) | termBits(other, flags));
  const narrow = narrower(first, other, flags);
  const wide = narrow === first ? other : first;
  return [
    {
      range: spanOf([first.range, other.range]),
      message: `${writtenName(first)} and ${writtenName(other)} are both base masks: ORed together they are ${sum}`,
      certainty: 'definite',
      fixes: [
        ...removeTermFix(facts, site, wide, 'unsafe').map((fix) => ({ ...fix, title: `Keep ${narrow.text}` })),
        ...removeTermFix(facts, site, narrow, 'unsafe').map((fix) => ({ ...fix, title: `Keep ${wide.text}` })),
      ],
    },
  ];
}

/** The base mask that allows less: the one that cannot sleep, otherwise the one with fewer ways to reclaim. */
function narrower(a: MaskTerm, b: MaskTerm, flags: FlagTable): MaskTerm {
  const ways = ['__GFP_DIRECT_RECLAIM', '__GFP_FS', '__GFP_IO'];
  const count = (term: MaskTerm) => ways.filter((name) => (termBits(term, flags) & flags.bitsOf(name)) !== 0).length;
  return count(b) < count(a) ? b : a;
}

function exclusive(site: MaskSite, { model, facts }: RuleContext): RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const { names, why } of EXCLUSIVE) {
    const present = names.filter((name) => (model.flags.bitsOf(name) & site.value.set) !== 0);
    if (present.length < 2) continue;
    const bits = bitsOf(model.flags, present);
    const terms = termsWith(site, model.flags, bits);
    // One composite that holds both is the kernel's own definition.
    if (terms.length === 0 || terms.some((term) => isWritten(term) && (termBits(term, model.flags) & bits) === bits)) continue;
    findings.push({
      range: spanOf(terms.map((term) => term.range)),
      message: `${listed(present)} contradict each other: ${why}`,
      certainty: 'definite',
      fixes: terms.filter((term) => term.kind === 'flag').flatMap((term) => removeTermFix(facts, site, term, 'unsafe')),
    });
  }
  return findings;
}

/** Up to 6.2 the allocator warns when __GFP_ATOMIC comes with a mask that may block, and drops it. */
function atomicThatBlocks(site: MaskSite, { model, facts }: RuleContext): RuleFinding[] {
  const { flags } = model;
  const atomic = flags.bitsOf('__GFP_ATOMIC');
  const blocking = flags.bitsOf('__GFP_DIRECT_RECLAIM');
  if (atomic === 0 || (site.value.set & atomic) === 0 || (site.value.set & blocking) === 0) return [];
  const terms = [...new Set([...termsWith(site, flags, atomic), ...termsWith(site, flags, blocking)])];
  if (terms.length === 0) return [];
  return [
    {
      range: spanOf(terms.map((term) => term.range)),
      message: '__GFP_ATOMIC contradicts __GFP_DIRECT_RECLAIM: this kernel warns and drops __GFP_ATOMIC',
      certainty: 'definite',
      fixes: terms.filter((term) => term.text === '__GFP_ATOMIC').flatMap((term) => removeTermFix(facts, site, term, 'safe')),
    },
  ];
}

export const conflictingFlags: Rule = {
  id: 'conflicting-flags',
  summary: 'flags that contradict each other in one mask',
  severity: 'warning',
  doc: `## What it finds

Two base masks ORed together (\`GFP_KERNEL | GFP_ATOMIC\`, \`GFP_KERNEL | GFP_NOFS\`), more than one of \`__GFP_NORETRY\`,
\`__GFP_RETRY_MAYFAIL\` and \`__GFP_NOFAIL\`, \`__GFP_MEMALLOC\` with \`__GFP_NOMEMALLOC\`, and \`__GFP_RECLAIMABLE\` with \`__GFP_MOVABLE\`.

## Why

A base mask is a complete choice: \`GFP_NOFS\` is \`GFP_KERNEL\` *without* \`__GFP_FS\`, so ORing \`GFP_KERNEL\` to it brings the flag back, and
\`GFP_KERNEL | GFP_ATOMIC\` may sleep. The author meant one of the two. The retry flags choose how long the allocator
tries; with two of them the code does not say which answer it expects.

## Example

\`\`\`c bad
#include <linux/slab.h>

void *load_name(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | GFP_NOFS);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

void *load_name(unsigned int len)
{
	return kmalloc(len, GFP_NOFS);
}
\`\`\`

## When it stays silent

Zone composites (\`GFP_DMA\`, \`GFP_DMA32\`) go with any base mask. Base masks that only add something to each other (\`GFP_KERNEL | GFP_USER\`) are
left to redundant-flag. Masks that test or clear bits (\`gfp & (GFP_KERNEL | GFP_ATOMIC)\`), and flags that are only set on some paths.

## References

- include/linux/gfp_types.h (include/linux/gfp.h before 6.0): "Useful GFP flag combinations", "Reclaim modifiers"
- mm/page_alloc.c: __alloc_pages_slowpath()
`,
  checkMask: (site, context) => {
    if (!buildsMask(site, context.facts)) return [];
    const bases = twoBases(site, context);
    return [...bases, ...exclusive(site, context), ...(bases.length === 0 ? atomicThatBlocks(site, context) : [])];
  },
};
