import type { CallSite } from '../facts/site';
import { removeTermFix } from './maskEdits';
import { flagRange, isWritten, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';

/** mempool_alloc() ORs these in before it asks the allocator behind the pool. */
const OWN_FLAGS = ['__GFP_NOMEMALLOC', '__GFP_NORETRY', '__GFP_NOWARN'];

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  if (call.callee !== 'mempool_alloc' || call.origin !== 'catalogue' || !call.mask) return [];
  return [...zeroing(call, context), ...ownFlags(call, context)];
}

function zeroing(call: CallSite, { model, facts }: RuleContext): RuleFinding[] {
  const zero = model.flags.bitsOf('__GFP_ZERO');
  if ((zero & call.effectiveMask.set) === 0) return [];
  const words = termsWith(call.mask!, model.flags, zero);
  return [
    {
      range: flagRange(call, model.flags, zero),
      message: 'mempool_alloc() does not support __GFP_ZERO: an element from the reserve is not cleared',
      certainty: 'definite',
      fixes: words
        .filter((term) => termBits(term, model.flags) === zero)
        .flatMap((term) => removeTermFix(facts, call.mask!, term, 'unsafe')),
    },
  ];
}

function ownFlags(call: CallSite, { model, facts }: RuleContext): RuleFinding[] {
  return OWN_FLAGS.flatMap((name) => {
    const bit = model.flags.bitsOf(name);
    const words = termsWith(call.mask!, model.flags, bit).filter((term) => isWritten(term) && termBits(term, model.flags) === bit);
    return words.map(
      (term): RuleFinding => ({
        range: term.range,
        message: `mempool_alloc() sets ${name} by itself`,
        certainty: 'definite',
        severity: 'hint',
        fixes: removeTermFix(facts, call.mask!, term, 'safe'),
        unnecessary: true,
      }),
    );
  });
}

export const mempoolMask: Rule = {
  id: 'mempool-mask',
  summary: 'flags that mempool_alloc() does not support or sets itself',
  severity: 'warning',
  doc: `## What it finds

\`__GFP_ZERO\` in a mask for \`mempool_alloc()\`; \`__GFP_NOMEMALLOC\`, \`__GFP_NORETRY\` and \`__GFP_NOWARN\` there, which it sets by itself (a hint).

## Why

When the allocator behind the pool fails, the element comes from the pool's reserve, with whatever its last user left in it. The flag then holds only while memory is plentiful.

## Example

\`\`\`c bad
#include <linux/mempool.h>

void *new_request(mempool_t *pool)
{
	return mempool_alloc(pool, GFP_NOIO | __GFP_ZERO);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mempool.h>

void *new_request(mempool_t *pool, unsigned int size)
{
	void *request = mempool_alloc(pool, GFP_NOIO);

	return memset(request, 0, size);
}
\`\`\`

## When it stays silent

Masks whose flags are not known, and wrappers of mempool_alloc().

## References

- mm/mempool.c: mempool_alloc()
`,
  checkCall: check,
};
