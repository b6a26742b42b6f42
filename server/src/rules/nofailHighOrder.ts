import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAll } from '../mask/mask';
import { removeTermFix } from './maskEdits';
import { flagRange, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';

/** The lowest order the request can have with __GFP_NOFAIL still set, or undefined when it is not known to reach the page allocator so. */
function knownOrder(call: CallSite, model: KernelModel): number | undefined {
  const { size, api } = call;
  if (!size || !api) return undefined;
  if (size.order) return size.order.min;
  // kvmalloc() drops the flag for its attempt above one page. Slab keeps it only for its smallest slab.
  if (!api.contiguous || api.allocates === 'kv') return undefined;
  const { min } = size.bytes;
  if (min <= model.limits.kmallocMaxCache || min > model.limits.kmallocMax) return undefined;
  return Math.ceil(Math.log2(min / model.limits.pageSize));
}

function check(call: CallSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  const limit = model.behaviour.nofail.warnAboveOrder;
  const nofail = model.flags.bitsOf('__GFP_NOFAIL');
  if (limit === undefined || nofail === 0 || !call.mask || hasAll(call.effectiveMask, nofail) !== true) return [];
  const order = knownOrder(call, model);
  if (order === undefined || order <= limit) return [];
  const words = termsWith(call.mask, model.flags, nofail).filter((term) => term.kind === 'flag');
  return [
    {
      range: flagRange(call, model.flags, nofail),
      message: `__GFP_NOFAIL at order ${order}: this kernel warns above order ${limit}, because it may try for ever`,
      certainty: 'definite',
      fixes: words.flatMap((term) => removeTermFix(facts, call.mask!, term, 'unsafe')),
    },
  ];
}

export const nofailHighOrder: Rule = {
  id: 'nofail-high-order',
  summary: '__GFP_NOFAIL with an order the kernel warns about',
  severity: 'warning',
  doc: `## What it finds

\`__GFP_NOFAIL\` with a contiguous request whose order is known to be above what this kernel accepts without a warning. It counts for page orders and for
\`kmalloc()\` sizes that go to the page allocator.

## Why

A contiguous block may never become free, and the allocator was told never to give up: the task hangs. The limit depends on the release: the
kernels up to 6.18 warn (above order 1 in 6.0 to 6.18, above order 1 or 3 in earlier ones), 6.19 and later do not.

## Example

\`\`\`c bad
//# kernel 6.12
#include <linux/gfp.h>

struct page *log_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 4);
}
\`\`\`

## Instead

\`\`\`c good
//# kernel 6.12
#include <linux/mm.h>

void *log_buffer(void)
{
	return kvmalloc(16 * 4096, GFP_KERNEL | __GFP_NOFAIL);
}
\`\`\`

## When it stays silent

Orders and sizes that are not known to be above the limit; kvmalloc(), which falls back to single pages.

## References

- mm/page_alloc.c: rmqueue(), __alloc_pages_slowpath()
`,
  checkCall: check,
};
