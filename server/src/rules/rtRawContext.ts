import { heldWords, takenWords } from '../facts/heldWords';
import type { CallSite, Held } from '../facts/site';
import type { KernelModel, Resource } from '../kernel/model';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';

/** What stays atomic on PREEMPT_RT, where spinlocks sleep and softirqs run in threads. */
const STAYS_ATOMIC: ReadonlySet<Resource> = new Set<Resource>(['raw-spinlock', 'irqs-off', 'preempt-off']);

/** spin_lock_irqsave() and its kin do not turn interrupts off on PREEMPT_RT (include/linux/spinlock_rt.h). */
function isRaw(held: Held): boolean {
  if (!STAYS_ATOMIC.has(held.resource)) return false;
  return held.resource === 'raw-spinlock' || !/^(spin|read|write)_/.test(held.by);
}

function isRealTime(model: KernelModel): boolean {
  return model.config?.value('CONFIG_PREEMPT_RT') === 'y';
}

function check(call: CallSite, { model, facts }: RuleContext): RuleFinding[] {
  if (!isRealTime(model) || isTestSource(facts.file.path) || call.context.unreachable) return [];
  const takesMemory = call.api ? call.api.allocates !== undefined && call.api.sleeps !== 'never' : call.mask !== undefined;
  const raw = call.context.held.find(isRaw);
  if (!takesMemory || !raw) return [];
  return [
    {
      range: call.mask?.range ?? call.calleeRange,
      message: `${call.callee}() takes sleeping locks on PREEMPT_RT, whatever its mask, but ${heldWords(raw.resource, raw.instance)}`,
      certainty: 'definite',
      trace: [{ range: raw.range, message: takenWords(raw.by, raw.instance) }],
      call,
    },
  ];
}

export const rtRawContext: Rule = {
  id: 'rt-raw-context',
  summary: 'an allocation under a raw spinlock on a PREEMPT_RT kernel',
  severity: 'warning',
  doc: `## What it finds

An allocation, with \`GFP_ATOMIC\` or any other mask, while a raw spinlock is held, or interrupts or preemption are off, when the tree is configured
with \`CONFIG_PREEMPT_RT\`.

## Why

On PREEMPT_RT the locks of the slab and page allocators are sleeping locks. \`GFP_ATOMIC\` keeps the allocator out of reclaim, but not out of its own
locks: in a context that RT keeps atomic, no allocation is allowed. Contexts of ordinary spinlocks may allocate, because these locks sleep as well.

## Example

\`\`\`c bad
//# config CONFIG_PREEMPT_RT=y
#include <linux/slab.h>
#include <linux/spinlock.h>

int add_entry(struct chip *chip)
{
	struct entry *entry;

	raw_spin_lock(&chip->lock);
	entry = kmalloc(64, GFP_ATOMIC);
	if (entry)
		insert_entry(chip, entry);
	raw_spin_unlock(&chip->lock);
	return entry ? 0 : -ENOMEM;
}
\`\`\`

## Instead

Allocate before the raw lock is taken, or hand the work to a thread.

\`\`\`c good
//# config CONFIG_PREEMPT_RT=y
#include <linux/slab.h>
#include <linux/spinlock.h>

int add_entry(struct chip *chip)
{
	struct entry *entry = kmalloc(64, GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	raw_spin_lock(&chip->lock);
	insert_entry(chip, entry);
	raw_spin_unlock(&chip->lock);
	return 0;
}
\`\`\`

## When it stays silent

Without a configuration that says PREEMPT_RT. Contexts of callers are not looked at.

## References

- Documentation/locking/locktypes.rst, "raw_spinlock_t and spinlock_t"
- Documentation/core-api/real-time/differences.rst
`,
  checkCall: check,
};
