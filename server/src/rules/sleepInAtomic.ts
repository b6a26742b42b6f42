import { heldWords, takenWords } from '../facts/heldWords';
import { deferredMask, mayBlock } from '../facts/linkage/acts';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite, ContextFact, Held, MaskTerm, TraceStep } from '../facts/site';
import { ATOMIC_RESOURCES, type FlagTable } from '../kernel/model';
import { maskPlace, traceOf } from './callFinding';
import { isWritten } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding, TextEdit } from './rule';
import { isAllocatorCore, isTestSource } from './sourcePlace';

/** Base masks that may sleep and the one that takes their place where sleeping is forbidden. */
const ATOMIC_FORM: Readonly<Record<string, string>> = {
  GFP_KERNEL: 'GFP_ATOMIC',
  GFP_NOFS: 'GFP_ATOMIC',
  GFP_NOIO: 'GFP_ATOMIC',
  GFP_KERNEL_ACCOUNT: 'GFP_ATOMIC | __GFP_ACCOUNT',
};

/** Flags that ask for something only a sleeping allocation can give. */
const NEEDS_RECLAIM = ['__GFP_NOFAIL', '__GFP_RETRY_MAYFAIL', '__GFP_DIRECT_RECLAIM', '__GFP_RECLAIM', '__GFP_IO', '__GFP_FS'];

/** Allocators that cannot do without sleeping: vmalloc() takes sleeping locks, and nobody checks what bio_alloc() returns to those who may wait (block/bio.c, 6.12). */
const NEEDS_SLEEP: ReadonlySet<string> = new Set(['kv', 'vmalloc', 'bio']);

function atomicReasons(context: ContextFact): readonly Held[] {
  const atomic = (held: Held) => ATOMIC_RESOURCES.has(held.resource);
  return context.held.some(atomic) ? context.held.filter(atomic) : context.maybeHeld.filter(atomic);
}

/** The reason to name: a lock says more than the interrupts it turned off. */
function mainReason(reasons: readonly Held[]): Held | undefined {
  return reasons.find((held) => held.instance !== '') ?? reasons[0];
}

/** A call such as spin_lock_irqsave() takes several things: it is one step, named by the lock. */
function oncePerCall(reasons: readonly Held[]): readonly Held[] {
  return reasons.filter((held, index) => reasons.findIndex((other) => other.range.start === held.range.start) === index);
}

function whatSleeps(call: CallSite, flags: FlagTable): string {
  if (call.mask && call.api?.sleeps === 'always' && call.api.allocates === undefined) return `${call.callee}() may sleep whatever its mask`;
  const mask = call.mask && call.mask.value.set !== 0 ? flags.print(call.mask.value.set) : undefined;
  return mask === undefined ? `${call.callee}() may sleep` : `${call.callee}() with ${mask} may sleep`;
}

function check(call: CallSite, ruleContext: RuleContext): RuleFinding[] {
  const { model, facts } = ruleContext;
  const { context } = call;
  if (context.unreachable || isTestSource(facts.file.path) || context.maySleep === 'yes') return [];
  const blocks = mayBlock(call, model);
  if (blocks === undefined && deferredMask(call) !== undefined) {
    const verdict = ruleContext.verdictAt(call.calleeRange.start);
    return verdict?.kind === 'atomic' && !isAllocatorCore(facts.file.path) && !isTestSource(verdict.steps[0]?.path ?? '')
      ? [fromCallers(call, verdict, model.flags)]
      : [];
  }
  if (blocks !== true) return [];
  if (context.maySleep !== 'no') {
    const verdict = ruleContext.verdictAt(call.calleeRange.start);
    if (
      verdict?.kind === 'atomic' &&
      !isAllocatorCore(facts.file.path) &&
      !isTestSource(verdict.steps[0]?.path ?? '') &&
      (context.maySleep === 'unknown' || verdict.certainty === 'definite')
    )
      return [fromCallers(call, verdict, model.flags)];
    const state = context.held.find((held) => held.resource === 'task-state');
    if (state) return [inTaskState(call, state, model.flags)];
    if (context.maySleep === 'unknown') return ignoresParameter(call, facts.file.path) ? [ownMask(call, model.flags)] : [];
  }
  const reasons = atomicReasons(context);
  const main = mainReason(reasons);
  if (!main && !context.decidedBy) return [];
  const definite = context.maySleep === 'no';
  const why = main ? heldWords(main.resource, main.instance) : context.decidedBy!.message;
  const trace: TraceStep[] = oncePerCall(reasons).map((held) => ({
    range: held.range,
    message: `${takenWords(held.by, held.instance)}${definite ? '' : ', on some path'}`,
  }));
  if (!main && context.decidedBy) trace.push({ ...context.decidedBy });
  return [
    {
      range: maskPlace(call),
      message: `${whatSleeps(call, model.flags)}, but ${why}${definite ? '' : ' on some path'}`,
      certainty: definite ? 'definite' : 'possible',
      trace,
      fixes: definite ? atomicFix(call, model.flags) : [],
      call,
      mask: call.effectiveMask,
      function: call.function,
    },
  ];
}

/** Sleeping is allowed, but undoes what was prepared. */
function inTaskState(call: CallSite, held: Held, flags: FlagTable): RuleFinding {
  return {
    range: maskPlace(call),
    message: `${whatSleeps(call, flags)}, but the task is set up to wait since ${held.by}()`,
    certainty: 'definite',
    trace: [{ range: held.range, message: `${held.by}() leaves TASK_RUNNING here; sleeping returns to it, and the wait is lost` }],
    fixes: [],
    call,
    mask: call.effectiveMask,
    function: call.function,
  };
}

/** The function is told by its caller whether it may sleep, and does not listen. */
function ignoresParameter(call: CallSite, path: string): boolean {
  if (call.function.gfpParameters.length === 0 || isAllocatorCore(path) || !call.mask || call.origin === 'macro') return false;
  const names = call.function.gfpParameters.map((parameter) => parameter.name);
  if (
    call.mask.terms.some(needsReclaim) ||
    !call.mask.terms.every((term) => isWritten(term) && term.kind !== 'other' && !names.includes(term.text))
  )
    return false;
  // A function that looks at its mask knows what it does.
  const text = new TextDecoder().decode(call.function.file.bytes.subarray(call.function.range.start, call.range.start));
  return !/gfpflags_allow_blocking|__GFP_(DIRECT_)?RECLAIM|__GFP_WAIT|GFP_ATOMIC|GFP_NOWAIT/.test(text);
}

function ownMask(call: CallSite, flags: FlagTable): RuleFinding {
  const parameter = call.function.gfpParameters[0]!.name;
  return {
    range: call.mask!.range,
    message: `${whatSleeps(call, flags)} whatever ${call.function.name}() is given in ${parameter}`,
    certainty: 'possible',
    trace: [],
    fixes: [{ title: `Use ${parameter}`, safety: 'unsafe', edits: [{ range: call.mask!.range, newText: parameter }] }],
    call,
    mask: call.effectiveMask,
    function: call.function,
  };
}

/** A caller, or the contract of a callback, forbids sleeping. */
function fromCallers(call: CallSite, verdict: CallVerdict, flags: FlagTable): RuleFinding {
  return {
    range: maskPlace(call),
    message: `${whatSleeps(call, flags)}, but ${verdict.reason}`,
    certainty: verdict.certainty,
    trace: traceOf(verdict),
    // Other callers may be allowed to sleep: whether to give that up is for a person to decide.
    fixes: atomicFix(call, flags).map((fix) => ({ ...fix, safety: 'unsafe' as const })),
    call,
    mask: call.effectiveMask,
    function: call.function,
  };
}

/** GFP_ATOMIC in place of the base mask; none where the allocator cannot do without sleeping or the mask comes from elsewhere. */
function atomicFix(call: CallSite, flags: FlagTable): readonly Fix[] {
  if (!call.mask || NEEDS_SLEEP.has(call.api?.allocates ?? '') || call.api?.sleeps === 'always') return [];
  const { terms } = call.mask;
  if (!terms.every((term) => isWritten(term) && term.role === 'or' && term.kind !== 'other') || terms.some(needsReclaim)) return [];
  const base = terms.filter((term) => term.kind === 'composite' && ATOMIC_FORM[term.text] !== undefined);
  if (base.length !== 1 || flags.bits('GFP_ATOMIC') === undefined) return [];
  const form = ATOMIC_FORM[base[0]!.text]!;
  const edit: TextEdit = { range: base[0]!.range, newText: form };
  // A pool gives its elements for sure only to those who wait (mm/mempool.c: mempool_alloc(), 6.12): where nobody checks, GFP_ATOMIC brings NULL.
  return [{ title: `Use ${form}`, safety: call.api?.allocates === 'mempool' ? 'unsafe' : 'safe', edits: [edit] }];
}

function needsReclaim(term: MaskTerm): boolean {
  return NEEDS_RECLAIM.includes(term.text);
}

export const sleepInAtomic: Rule = {
  id: 'sleep-in-atomic',
  summary: 'a mask that may sleep where sleeping is forbidden',
  severity: 'error',
  doc: `## What it finds

An allocation whose mask holds \`__GFP_DIRECT_RECLAIM\` (\`GFP_KERNEL\`, \`GFP_NOFS\`, \`GFP_NOIO\`, \`GFP_USER\`, …), or an allocator that always
may sleep (\`vmalloc()\`, \`alloc_percpu()\`), at a point that is reached only with a spinlock held, in an RCU read-side section, or
with interrupts, softirqs or preemption off.

## Why

With \`__GFP_DIRECT_RECLAIM\` the page allocator may enter reclaim and wait for it. Scheduling with a spinlock held or
interrupts off can deadlock the machine; inside an RCU read-side section it lets the grace period end under the reader.
The bug shows only when memory is short, or with CONFIG_DEBUG_ATOMIC_SLEEP as "BUG: sleeping function called from invalid
context".

## Example

\`\`\`c bad
#include <linux/slab.h>
#include <linux/spinlock.h>

int add_entry(struct table *table)
{
	struct entry *entry;

	spin_lock(&table->lock);
	entry = kzalloc(64, GFP_KERNEL);
	if (!entry) {
		spin_unlock(&table->lock);
		return -ENOMEM;
	}
	insert_entry(table, entry);
	spin_unlock(&table->lock);
	return 0;
}
\`\`\`

## Instead

Allocate before the lock is taken; where that is not possible, \`GFP_ATOMIC\` does not sleep (and fails more easily).

\`\`\`c good
#include <linux/slab.h>
#include <linux/spinlock.h>

int add_entry(struct table *table)
{
	struct entry *entry;

	entry = kzalloc(64, GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	spin_lock(&table->lock);
	insert_entry(table, entry);
	spin_unlock(&table->lock);
	return 0;
}
\`\`\`

## When it stays silent

When the lock is held on some paths only (a *possible* finding), when the mask comes from a parameter or depends on a
condition, behind tests such as \`if (gfpflags_allow_blocking(gfp))\` or \`if (!in_atomic())\`, under mutexes and SRCU, and
for functions that drop the lock themselves (\`__xa_store()\`). Locks that callers hold are not looked at by
this check alone, and tests are left alone.

## References

- include/linux/gfp_types.h: "Useful GFP flag combinations", GFP_ATOMIC and GFP_KERNEL
- Documentation/core-api/memory-allocation.rst
- mm/page_alloc.c: prepare_alloc_pages() calls might_alloc() (include/linux/sched/mm.h)
`,
  asksProgram: true,
  checkCall: check,
};
