import type { CallSite, FunctionFacts, PointerFacts, PointerUse } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAll } from '../mask/mask';
import type { Rule, RuleFinding } from './rule';

/** Whether the call cannot return NULL: __GFP_NOFAIL, and a size that the allocator does not refuse. */
function neverNull(call: CallSite, model: KernelModel): boolean {
  const nofail = model.flags.bits('__GFP_NOFAIL') ?? 0;
  const blocking = model.flags.bits('__GFP_DIRECT_RECLAIM') ?? 0;
  if (nofail === 0 || call.api?.failure !== 'null' || hasAll(call.effectiveMask, nofail | blocking) !== true) return false;
  if (call.api.allocates === 'cache') return true;
  // kvmalloc() hands the flag to vmalloc only in newer kernels, and sizes that overflow fail whatever the mask says.
  if (call.api.allocates === 'kv') return model.behaviour.vmalloc.nofail && known(call, 0x7fffffff);
  return call.api.allocates === 'slab' && known(call, model.limits.kmallocMax);
}

function known(call: CallSite, limit: number): boolean {
  const max = call.size?.bytes.max;
  return max !== undefined && max <= limit;
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
    if (!neverNull(call, model) || call.context.unreachable) continue;
    for (const pointer of facts.pointers) {
      const test = testAfter(pointer, call);
      if (test === undefined) continue;
      findings.push({
        range: test.range,
        message: `${pointer.text} cannot be NULL: ${call.callee}() has __GFP_NOFAIL`,
        certainty: 'definite',
        trace: [{ range: call.range, message: `${call.callee}() never fails with this mask` }],
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

A NULL check right after an allocation with \`__GFP_NOFAIL\`.

## Why

The allocator loops until such a request succeeds, so the error path is dead code that nobody can test. Either the flag is not wanted (there is an error path
after all), or the check is not.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct record {
	int id;
};

static int record_add(int id)
{
	struct record *r;

	r = kmalloc(sizeof(*r), GFP_KERNEL | __GFP_NOFAIL);
	if (!r)
		return -ENOMEM;
	r->id = id;
	kfree(r);
	return 0;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct record {
	int id;
};

static int record_add(int id)
{
	struct record *r;

	r = kmalloc(sizeof(*r), GFP_KERNEL | __GFP_NOFAIL);
	r->id = id;
	kfree(r);
	return 0;
}
\`\`\`

## When it stays silent

Sizes that are not known to be within the allocator's limit (a product that overflows gives NULL whatever the mask says), pointers that can also come from
somewhere else, masks that cannot block.

## References

- include/linux/gfp_types.h: __GFP_NOFAIL; mm/page_alloc.c: __alloc_pages_slowpath()
`,
  checkFunction: (facts, { model }) => check(facts, model),
};
