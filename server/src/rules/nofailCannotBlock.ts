import type { CallSite } from '../facts/site';
import { hasAll } from '../mask/mask';
import { removeTermFix } from './maskEdits';
import { flagRange, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';

function check(call: CallSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  // Functions that only hand the mask on may complete it first (a mapping's mask, for one).
  if (call.api?.allocates === undefined || call.api.sleeps !== 'mask' || !call.mask) return [];
  const nofail = model.flags.bitsOf('__GFP_NOFAIL');
  const blocking = model.flags.bitsOf('__GFP_DIRECT_RECLAIM');
  if (nofail === 0 || blocking === 0) return [];
  if (hasAll(call.effectiveMask, nofail) !== true || hasAll(call.effectiveMask, blocking) !== false) return [];
  const words = termsWith(call.mask, model.flags, nofail).filter((term) => term.kind === 'flag');
  return [
    {
      range: flagRange(call, model.flags, nofail),
      message: `__GFP_NOFAIL cannot be kept by a mask that may not sleep: ${call.callee}() warns and can return NULL`,
      certainty: 'definite',
      fixes: words.flatMap((term) => removeTermFix(facts, call.mask!, term, 'unsafe')),
    },
  ];
}

export const nofailCannotBlock: Rule = {
  id: 'nofail-cannot-block',
  summary: '__GFP_NOFAIL in a mask without direct reclaim',
  severity: 'error',
  doc: `## What it finds

\`__GFP_NOFAIL\` in a mask that is known to lack \`__GFP_DIRECT_RECLAIM\`, such as \`GFP_ATOMIC | __GFP_NOFAIL\`.

## Why

The promise never to fail is kept by waiting for memory. A mask that may not sleep cannot wait: the page allocator warns and returns NULL, and the
caller, who was told that this cannot happen, uses it.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct event {
	int code;
};

struct event *new_event(void)
{
	return kmalloc(sizeof(struct event), GFP_ATOMIC | __GFP_NOFAIL);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct event {
	int code;
};

struct event *new_event(void)
{
	return kmalloc(sizeof(struct event), GFP_ATOMIC);
}
\`\`\`

## When it stays silent

When the rest of the mask comes from a caller or a field, so that it may block. Functions that only pass the mask on, because they may complete it.

## References

- mm/page_alloc.c: __alloc_pages_slowpath()
- include/linux/gfp_types.h: __GFP_NOFAIL
`,
  checkCall: check,
};
