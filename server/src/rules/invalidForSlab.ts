import type { CallSite } from '../facts/site';
import { removeTermFix } from './maskEdits';
import { flagRange, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { listed } from './words';

/** Slab's GFP_SLAB_BUG_MASK: memory it cannot hand out, because objects need a kernel address and share pages. */
const REFUSED = ['__GFP_DMA32', '__GFP_HIGHMEM'];

function check(call: CallSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  const family = call.api?.allocates;
  if ((family !== 'slab' && family !== 'cache') || !call.mask) return [];
  const { flags } = model;
  const present = REFUSED.filter((name) => (flags.bitsOf(name) & call.effectiveMask.set) !== 0);
  if (present.length === 0) return [];
  const bits = present.reduce((sum, name) => sum | flags.bits(name)!, 0);
  const effect = model.behaviour.slabBadFlags === 'bug' ? 'this kernel stops with a BUG' : 'it warns and drops the flag';
  const words = termsWith(call.mask, flags, bits).filter((term) => (termBits(term, flags) & ~bits) === 0);
  return [
    {
      range: flagRange(call, flags, bits),
      message: `${call.callee}() cannot use ${listed(present)}: ${effect}`,
      certainty: 'definite',
      fixes: words.flatMap((term) => removeTermFix(facts, call.mask!, term, 'unsafe')),
    },
  ];
}

export const invalidForSlab: Rule = {
  id: 'invalid-for-slab',
  summary: 'flags that slab refuses',
  severity: 'error',
  doc: `## What it finds

\`GFP_DMA32\`, \`__GFP_HIGHMEM\` and composites with it (\`GFP_HIGHUSER\`) in a mask for \`kmalloc()\`, \`kmem_cache_alloc()\` and other slab functions.

## Why

Slab objects need a kernel address, so highmem is impossible, and there are no DMA32 caches for \`kmalloc()\`. Slab warns with a stack dump and drops the flag (it stopped with a BUG before 4.8):
the memory comes from anywhere, which a device limited to 32 bits cannot reach.

## Example

\`\`\`c bad
#include <linux/slab.h>

void *descriptor(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | GFP_DMA32);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/dma-mapping.h>

void *descriptor(struct device *dev, unsigned int len, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, len, handle, GFP_KERNEL);
}
\`\`\`

## When it stays silent

\`GFP_DMA\`, for which slab has caches; masks whose flags are not known.

## References

- mm/internal.h: GFP_SLAB_BUG_MASK; mm/slab_common.c: kmalloc_fix_flags()
`,
  checkCall: check,
};
