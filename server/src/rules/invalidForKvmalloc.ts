import type { CallSite } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import { removeTermFix } from './maskEdits';
import { flagRange, maskRange, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { listed } from './words';

/** Slab, which is asked first, cannot use these zones. */
function zones(call: CallSite, { model: { flags }, facts }: RuleContext): readonly RuleFinding[] {
  const present = ['__GFP_HIGHMEM', '__GFP_DMA32'].filter((name) => (flags.bitsOf(name) & call.effectiveMask.set) !== 0);
  if (present.length === 0) return [];
  const bits = present.reduce((sum, name) => sum | flags.bits(name)!, 0);
  const words = termsWith(call.mask!, flags, bits).filter((term) => (termBits(term, flags) & ~bits) === 0);
  return [
    {
      range: flagRange(call, flags, bits),
      message: `${call.callee}() cannot use ${listed(present)}: it asks slab first, which warns and drops the flag`,
      certainty: 'definite',
      fixes: words.flatMap((term) => removeTermFix(facts, call.mask!, term, 'unsafe')),
    },
  ];
}

/** What a kernel that falls back for some masks only does with one it does not support. */
function unsupported(call: CallSite, { model }: RuleContext): readonly RuleFinding[] {
  const { masks } = model.behaviour.kvmalloc;
  // Up to one page it is plain kmalloc() in every release.
  if (masks === 'any' || (call.size?.bytes.max ?? Number.POSITIVE_INFINITY) <= model.limits.pageSize) return [];
  const { flags } = model;
  const lacks = (name: string) => (flags.bitsOf(name) & call.effectiveMask.clear) !== 0;
  const needed = masks === 'blocking' ? ['__GFP_DIRECT_RECLAIM'] : ['__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM', '__GFP_IO', '__GFP_FS'];
  const missing = needed.find(lacks);
  if (missing !== undefined) {
    const because = masks === 'kernel-warn' ? 'this kernel warns' : 'there is no fallback to vmalloc';
    const message = `${call.callee}() does not support a mask without ${missing}: ${because}`;
    return [{ range: maskRange(call), message, certainty: masks !== 'kernel-warn' && isTry(call, flags) ? 'possible' : 'definite' }];
  }
  const noretry = flags.bitsOf('__GFP_NORETRY');
  if ((noretry & call.effectiveMask.set) === 0) return [];
  const message = `${call.callee}() does not support __GFP_NORETRY: the fallback to vmalloc tries hard all the same`;
  return [{ range: flagRange(call, flags, noretry), message, certainty: 'possible' }];
}

/** A __GFP_NOWARN of its own says that kmalloc() may fail here, and what happens then (fs/bcachefs/btree_io.c: btree_bounce_alloc() takes a pool, 6.12). */
function isTry(call: CallSite, flags: FlagTable): boolean {
  const quiet = flags.bitsOf('__GFP_NOWARN');
  return quiet !== 0 && call.mask !== undefined && termsWith(call.mask, flags, quiet).some((term) => termBits(term, flags) === quiet);
}

export const invalidForKvmalloc: Rule = {
  id: 'invalid-for-kvmalloc',
  summary: 'a mask that kvmalloc() of this kernel does not support',
  severity: 'warning',
  doc: `## What it finds

Masks given to \`kvmalloc()\` and its kin for which the release has no fallback to vmalloc: up to 5.16 everything that is not based on \`GFP_KERNEL\`, up to
6.18 masks that may not sleep. In all releases \`__GFP_HIGHMEM\` and \`GFP_DMA32\`, which slab refuses. \`__GFP_NORETRY\`, which the kernel's comment excludes, is shown as a possible finding, and so is a mask that may not sleep with \`__GFP_NOWARN\`
beside it: a try.

## Why

The point of kvmalloc is the fallback. vmalloc sleeps, so with \`GFP_ATOMIC\` there is none: the call fails like \`kmalloc()\` of the same size, and
the result still looks as if it could be vmalloc memory, which must not be freed everywhere.

## Example

\`\`\`c bad
//# kernel 6.12
#include <linux/slab.h>

void *table(unsigned long size)
{
	return kvmalloc(size, GFP_ATOMIC);
}
\`\`\`

## Instead

\`\`\`c good
//# kernel 6.12
#include <linux/slab.h>

void *table(unsigned long size)
{
	return kmalloc(size, GFP_ATOMIC);
}
\`\`\`

## When it stays silent

From 6.19 on vmalloc supports such masks. Sizes known to fit in one page; masks that are not known; \`__GFP_RETRY_MAYFAIL\` and \`__GFP_NOFAIL\`, which are supported.

## References

- mm/util.c (mm/slub.c since 6.12): kvmalloc_node()
`,
  checkCall: (call, context) => {
    if (call.api?.allocates !== 'kv' || call.api.gfp === undefined || !call.mask) return [];
    return [...zones(call, context), ...unsupported(call, context)];
  },
};
