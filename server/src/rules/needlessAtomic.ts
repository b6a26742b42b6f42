import { provesSleep } from '../facts/held';
import { isPlainlyAtomic, mayBlock } from '../facts/linkage/acts';
import type { CallSite, FileFacts, FunctionFacts, Held, MaskTerm } from '../facts/site';
import { ATOMIC_RESOURCES, type KernelModel } from '../kernel/model';
import { traceOf } from './callFinding';
import { isWritten } from './maskTerms';
import { isPooled } from './pools';
import { isTakenByReclaim, saysWhatReclaimTakes } from './reclaimLocks';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isAllocatorCore, isHandedOut, isInitcall, isTestSource } from './sourcePlace';

/** Masks that must not sleep, and may have been taken for no reason. */
const ATOMIC_FORMS: ReadonlySet<string> = new Set(['GFP_ATOMIC', 'GFP_NOWAIT']);
/** What may take their place, the narrowest first: code that does without I/O or file systems elsewhere has its reason. */
const SLEEPING_FORMS = ['GFP_NOIO', 'GFP_NOFS', 'GFP_KERNEL'] as const;

function check(call: CallSite, { model, facts, verdictAt }: RuleContext): RuleFinding[] {
  if (!isPlainlyAtomic(call, model) || isTestSource(facts.file.path) || isAllocatorCore(facts.file.path)) return [];
  const { context } = call;
  if (context.maySleep === 'no' || context.maySleep === 'maybe' || context.maybeHeld.some(isAtomic)) return [];
  if ([...context.held, ...context.maybeHeld].some((held) => held.resource === 'task-state')) return [];
  // Who holds an element of a pool and waits for the next may wait for ever.
  if (isPooled(call) || isTriedAgain(call, model) || isConstructor(call)) return [];
  const verdict = verdictAt(call.calleeRange.start);
  const lock = context.held.find(provesSleep);
  if ([...context.held, ...context.maybeHeld].some((held) => isTakenByReclaim(held, facts.file))) return [];
  const base = call.mask!.terms.find((term) => ATOMIC_FORMS.has(term.text))!;
  const common: Pick<RuleFinding, 'range' | 'certainty' | 'fixes' | 'call' | 'mask' | 'function'> = {
    range: base.range,
    certainty: mayBeFenced(base.text, call.function) || isNamedTry(base) ? 'possible' : 'definite',
    fixes: sleepingFix(call, facts),
    call,
    mask: call.effectiveMask,
    function: call.function,
  };
  if (lock) {
    const name = lock.instance === '' ? `${lock.by}()` : lock.instance;
    const message = `${base.text} is not needed: ${name} is held, so sleeping is allowed`;
    return [{ ...common, message, trace: [{ range: lock.range, message: `taken here by ${lock.by}(), which may sleep` }] }];
  }
  if (verdict?.kind !== 'may-sleep') return [];
  // The allocation that slept before is the mistake, then.
  if (call.function.calls.some((other) => verdictAt(other.calleeRange.start)?.kind === 'atomic')) return [];
  const assumed = verdict.steps.length === 0 && !isInitcall(call.function);
  if (assumed && (base.text === 'GFP_NOWAIT' || isHandedOut(call.function))) return [];
  // A caller may hold one of the locks that this file says reclaim takes.
  const isDoubtful = assumed || verdict.certainty === 'possible' || saysWhatReclaimTakes(facts.file);
  const certainty = isDoubtful ? 'possible' : common.certainty;
  return [{ ...common, certainty, message: `${base.text} is not needed: ${verdict.reason}`, trace: traceOf(verdict) }];
}

/** The same allocation follows with a mask that may sleep: a quick try comes first, and that is meant. */
function isTriedAgain(call: CallSite, model: KernelModel): boolean {
  const place = placeOf(call);
  if (place === undefined) return false;
  return call.function.calls.some((other) => {
    if (other.range.start < call.range.end || other.callee !== call.callee || placeOf(other) !== place || mayBlock(other, model) !== true)
      return false;
    const between = new TextDecoder().decode(call.function.file.bytes.subarray(call.range.end, other.range.start));
    // `if (!p) p = …`: nothing else stands between the two.
    return between.split(';').length <= 2 && (between.includes(`!${place}`) || between.includes(`${place} == NULL`));
  });
}

/** A macro that makes a value of its arguments, `RING_OP(reg, GFP_ATOMIC)`: an instruction or a table's entry for another context. */
function isConstructor({ api, callee }: CallSite): boolean {
  return api === undefined && /^[A-Z][A-Z0-9_]+$/.test(callee);
}

/** GFP_NOWAIT under a name of the driver's own: a try after which others do the work (drivers/md/dm-crypt.c: CRYPT_MAP_READ_GFP). */
function isNamedTry(base: MaskTerm): boolean {
  return base.text === 'GFP_NOWAIT' && !isWritten(base);
}

/** Where the result of a call is stored. */
function placeOf({ result }: CallSite): string | undefined {
  if (result.kind === 'variable') return result.name;
  return result.kind === 'field' || result.kind === 'other' ? result.text : undefined;
}

/**
 * Reclaim may wait for a fence of the GPU, so who signals it must not reclaim, whatever locks are held (drivers/dma-buf/dma-fence.c, "DMA fence signalling annotations"). Who captures
 * the state of a GPU that hangs stands before the reset that signals it.
 */
function mayBeFenced(mask: string, { file, name }: FunctionFacts): boolean {
  return /(^|\/)drivers\/(gpu|accel|dma-buf)\//.test(file.path) && (mask === 'GFP_NOWAIT' || /capture|coredump|hang|_dump_/.test(name));
}

function isAtomic(held: Held): boolean {
  return ATOMIC_RESOURCES.has(held.resource);
}

function sleepingFix(call: CallSite, facts: FileFacts): readonly Fix[] {
  const terms = call.mask!.terms.filter((term) => ATOMIC_FORMS.has(term.text));
  if (terms.length !== 1 || !isWritten(terms[0]!)) return [];
  const newText = SLEEPING_FORMS.find((form) => form === 'GFP_KERNEL' || isUsed(facts, form))!;
  // Reclaim may come back to the code around it: whether GFP_NOFS or GFP_NOIO is meant is for a person to see.
  return [{ title: `Use ${newText}`, safety: 'unsafe', edits: [{ range: terms[0]!.range, newText }] }];
}

/** Whether a mask of the file is written with this flag. */
function isUsed({ functions }: FileFacts, flag: string): boolean {
  return functions.some(({ masks }) => masks.some(({ terms }) => terms.some((term) => term.text === flag)));
}

export const needlessAtomic: Rule = {
  id: 'needless-atomic',
  summary: 'GFP_ATOMIC where sleeping is allowed',
  severity: 'hint',
  doc: `## What it finds

\`GFP_ATOMIC\` or \`GFP_NOWAIT\` at a place that may sleep: the function holds a mutex or has slept before on every path, or every way into
it is known (calls in the whole tree, registrations as a callback for process context) and all of them may sleep. The ways are shown. Where only
\`__init\` speaks for sleeping and the function is no initcall it is possible: early boot code runs with interrupts off. So is \`GFP_NOWAIT\` in drivers of GPUs, which may
signal a fence that reclaim waits for, what captures the state of one that hangs, and \`GFP_NOWAIT\` behind a name of the driver's own, which may be a first try.

## Why

\`GFP_ATOMIC\` takes from the reserves that interrupt handlers need, cannot wait for reclaim, and fails when memory is short although
the caller could have waited. \`GFP_KERNEL\` succeeds far more often, and leaves the reserves to those who have no choice.

## Example

\`\`\`c bad
#include <linux/mutex.h>
#include <linux/slab.h>

int add_rule(struct table *table)
{
	struct rule *rule;

	mutex_lock(&table->mutex);
	rule = kzalloc(64, GFP_ATOMIC);
	if (rule)
		insert_rule(table, rule);
	mutex_unlock(&table->mutex);
	return rule ? 0 : -ENOMEM;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/mutex.h>
#include <linux/slab.h>

int add_rule(struct table *table)
{
	struct rule *rule;

	mutex_lock(&table->mutex);
	rule = kzalloc(64, GFP_KERNEL);
	if (rule)
		insert_rule(table, rule);
	mutex_unlock(&table->mutex);
	return rule ? 0 : -ENOMEM;
}
\`\`\`

Where reclaim must not come back to the code around the allocation, \`GFP_NOFS\` or \`GFP_NOIO\`, or a memalloc scope, is meant. The fix offers these where
another mask of the file is one.

## When it stays silent

When a lock may be held on some path, when a function is called through a pointer nobody knows, is passed to an unknown function, or
is exported without a caller in the tree; where the lock was only tried (down_trylock() works in interrupts); between prepare_to_wait() and the wait;
under a lock that the file tells lockdep reclaim takes (\`fs_reclaim_acquire()\` and \`might_lock()\`); for elements of pools, where waiting for a second one may never end; where the same allocation follows with a mask that may sleep; behind tests that speak of sleeping; when the mask says that failing is fine
(\`__GFP_NOWARN\`, \`__GFP_NORETRY\`); where another allocation of the function must not sleep and would; for macros that make an instruction of a mask; in the allocators
themselves and in tests.

## References

- Documentation/core-api/memory-allocation.rst, "Get Free Page flags"
- include/linux/gfp_types.h: GFP_ATOMIC, GFP_KERNEL
`,
  asksProgram: true,
  checkCall: check,
};
