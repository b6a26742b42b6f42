import type { CallSite, FunctionFacts, PointerFacts, PointerUse } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAll } from '../mask/mask';
import { isPooled } from './pools';
import type { Rule, RuleFinding } from './rule';

/** A clone brings its own encryption context and integrity data, which are allocated without a pool where the set has none (block/bio.c: __bio_clone(), 6.1, 6.12). */
const CLONES_MORE = 'bio_alloc_clone';

/** Whether the call waits for one of the pool's own elements: a pool never gives up on a mask that may sleep. */
function neverNull(call: CallSite, model: KernelModel): boolean {
  return isPooled(call) && call.callee !== CLONES_MORE && hasAll(call.effectiveMask, model.flags.bitsOf('__GFP_DIRECT_RECLAIM')) === true;
}

/** The test that comes first after the allocation, when nothing else can be in the pointer there. */
function testAfter(pointer: PointerFacts, call: CallSite): PointerUse | undefined {
  const from = pointer.uses.findIndex((use) => use.kind === 'allocated' && use.call === call);
  const next = from < 0 ? undefined : pointer.uses[from + 1];
  const others = pointer.uses.some(
    (use) => use.kind === 'assigned' || (use.kind === 'allocated' && use.call !== call) || use.kind === 'address-taken',
  );
  return pointer.local && !others && next?.kind === 'null-check' ? next : undefined;
}

function check(facts: FunctionFacts, model: KernelModel): RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const call of facts.calls) {
    if (call.context.unreachable || !neverNull(call, model)) continue;
    for (const pointer of facts.pointers) {
      const test = testAfter(pointer, call);
      if (test === undefined) continue;
      findings.push({
        range: test.range,
        message: `${pointer.text} cannot be NULL: ${call.callee}() waits for an element of its pool`,
        certainty: 'definite',
        trace: [{ range: call.range, message: `${call.callee}() may sleep with this mask, so it never fails` }],
        call,
        mask: call.effectiveMask,
        unnecessary: true,
      });
    }
  }
  return findings;
}

export const uselessCheck: Rule = {
  id: 'useless-check',
  summary: 'a check of a result that cannot be NULL',
  severity: 'hint',
  doc: `## What it finds

A NULL check right after \`mempool_alloc()\` or \`bio_alloc()\` with a mask that may sleep.

## Why

When no memory is free, a pool waits until one of its reserved elements comes back: with \`__GFP_DIRECT_RECLAIM\` it never returns NULL. The error path is
dead code that nobody can test, and it misleads readers about what may fail.

## Example

\`\`\`c bad
#include <linux/mempool.h>

struct record {
	int id;
};

static int record_add(mempool_t *pool, int id)
{
	struct record *r;

	r = mempool_alloc(pool, GFP_NOIO);
	if (!r)
		return -ENOMEM;
	r->id = id;
	mempool_free(r, pool);
	return 0;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mempool.h>

struct record {
	int id;
};

static int record_add(mempool_t *pool, int id)
{
	struct record *r;

	r = mempool_alloc(pool, GFP_NOIO);
	r->id = id;
	mempool_free(r, pool);
	return 0;
}
\`\`\`

## When it stays silent

Masks that may not sleep or are not known, pointers that can also come from somewhere else. \`bio_alloc_clone()\`, whose copy of integrity data may fail. A check of a \`__GFP_NOFAIL\` result is reported by redundant-flag.

## References

- mm/mempool.c: mempool_alloc() (6.1, 6.12); block/bio.c: bio_alloc_bioset()
`,
  checkFunction: (facts, { model }) => check(facts, model),
};
