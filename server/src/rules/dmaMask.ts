import type { CallSite } from '../facts/site';
import { isBefore } from '../kernel/release';
import { removeTermFix } from './maskEdits';
import { flagRange, termBits, termsWith } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { listed } from './words';

/** include/linux/dma-mapping.h: all of them end in dma_alloc_attrs() or dma_alloc_pages(). */
const FUNCTIONS = /^dmam?_alloc_(coherent|attrs|wc|writecombine|pages|noncoherent|noncontiguous)$/;

const ZONES = ['__GFP_DMA', '__GFP_DMA32', '__GFP_HIGHMEM'];

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  if (call.origin !== 'catalogue' || !call.mask || !FUNCTIONS.test(call.callee)) return [];
  return [...compound(call, context), ...zones(call, context)];
}

function compound(call: CallSite, context: RuleContext): RuleFinding[] {
  const comp = context.model.flags.bitsOf('__GFP_COMP');
  if ((comp & call.effectiveMask.set) === 0) return [];
  const effect = context.model.behaviour.dmaCompFails ? 'it warns and returns NULL' : 'kernels from 6.2 on warn and return NULL';
  return [
    {
      range: flagRange(call, context.model.flags, comp),
      message: `${call.callee}() does not take __GFP_COMP: ${effect}`,
      certainty: 'definite',
      fixes: removals(call, comp, context),
    },
  ];
}

function zones(call: CallSite, context: RuleContext): RuleFinding[] {
  const { model } = context;
  const { flags } = model;
  const present = ZONES.filter((name) => (flags.bitsOf(name) & call.effectiveMask.set) !== 0);
  const bits = present.reduce((sum, name) => sum | flags.bits(name)!, 0);
  if (present.length === 0 || isBefore(model.release, 5, 4)) return [];
  const refused = /_(pages|noncoherent|noncontiguous)$/.test(call.callee);
  const effect = refused ? 'is refused, it warns and returns NULL' : "is ignored, because the device's DMA mask decides";
  return [
    {
      range: flagRange(call, flags, bits),
      message: `${call.callee}() takes no zone: ${listed(present)} ${effect}`,
      certainty: 'definite',
      severity: refused ? 'warning' : 'hint',
      fixes: removals(call, bits, context),
    },
  ];
}

/** Words that bring in nothing else: without them the mask keeps its meaning for this API. */
function removals(call: CallSite, bits: number, { model, facts }: RuleContext): Fix[] {
  return termsWith(call.mask!, model.flags, bits)
    .filter((term) => (termBits(term, model.flags) & ~bits) === 0)
    .flatMap((term) => removeTermFix(facts, call.mask!, term, 'safe'));
}

export const dmaMask: Rule = {
  id: 'dma-mask',
  summary: 'flags that the DMA allocators refuse or ignore',
  severity: 'warning',
  doc: `## What it finds

\`__GFP_COMP\` in a mask for \`dma_alloc_coherent()\` and its kin, and zone flags (\`GFP_DMA\`, \`GFP_DMA32\`, \`__GFP_HIGHMEM\`) there.

## Why

The memory may come from a pool, from CMA or through an IOMMU page by page, so a compound page cannot be promised: since 6.2 the call warns and returns
NULL. Zone flags are dropped (a hint only), because the device's coherent DMA mask decides; \`dma_alloc_pages()\` and \`dma_alloc_noncoherent()\` refuse them.

## Example

\`\`\`c bad
#include <linux/dma-mapping.h>

void *new_ring(struct device *dev, size_t size, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, size, handle, GFP_KERNEL | __GFP_COMP);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/dma-mapping.h>

void *new_ring(struct device *dev, size_t size, dma_addr_t *handle)
{
	return dma_alloc_coherent(dev, size, handle, GFP_KERNEL);
}
\`\`\`

## When it stays silent

Masks whose flags are not known. Zone flags before 5.4, when implementations still looked at them.

## References

- kernel/dma/mapping.c: dma_alloc_attrs(), dma_alloc_pages()
- Documentation/core-api/dma-api.rst
`,
  checkCall: check,
};
