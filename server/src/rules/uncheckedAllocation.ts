import { type FirstUse, firstUse, memoryOf } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { hasAny } from '../mask/mask';
import { isPooled } from './pools';
import type { Certainty, Rule, RuleContext, RuleFinding } from './rule';
import { isBootCode, isTestSource } from './sourcePlace';

/** Functions that read or write through a pointer at this position without looking at it first. */
const DEREFERENCING: ReadonlyMap<string, readonly number[]> = new Map(
  (
    [
      ['memcpy memmove strcpy strncpy strscpy strlcpy strcat strlcat memcmp strcmp', [0, 1]],
      ['memset memzero_explicit sprintf snprintf scnprintf vsnprintf strlen memset32 copy_from_user sg_init_table', [0]],
      ['INIT_LIST_HEAD INIT_HLIST_HEAD init_completion init_waitqueue_head init_rwsem seqlock_init INIT_WORK INIT_DELAYED_WORK', [0]],
      ['spin_lock_init raw_spin_lock_init rwlock_init mutex_init kref_init kobject_init device_initialize', [0]],
      ['bitmap_zero bitmap_fill atomic_set refcount_set', [0]],
      ['__set_bit set_bit __clear_bit clear_bit', [1]],
    ] as const
  ).flatMap(([names, positions]) => names.split(' ').map((name): [string, readonly number[]] => [name, positions])),
);

/** Functions whose result is a text that is given away as a name: nobody looks at it again. */
const NAMING = /^(devm_)?k(v?asprintf(_const)?|strdup(_const)?)$/;

/** Functions that take NULL: they free it, print it, or only pass it on as an opaque value. */
const TOLERANT =
  /printk|free|destroy|release|_(printf|err|warn|info|dbg|debug|notice|crit|alert|emerg|cont)(_\w+)?$|^(dbg|debug|trace)_|^kmemleak_|^devm_add_action|_set_drvdata$|^(IS_ALIGNED|PTR_ALIGN|swap|min|max)$/i;

function mayFail(call: CallSite, model: KernelModel): boolean {
  const { api } = call;
  if (api?.failure !== 'null' && api?.failure !== 'err-ptr') return false;
  const reclaim = model.flags.bitsOf('__GFP_DIRECT_RECLAIM');
  if (isPooled(call) && hasAny(call.effectiveMask, reclaim) !== false) return false;
  return hasAny(call.effectiveMask, model.flags.bitsOf('__GFP_NOFAIL')) !== true;
}

/** Whether a mask, or a part of it, comes from somebody who may have asked for no failure. */
function isForeign(call: CallSite, model: KernelModel): boolean {
  return hasAny(call.effectiveMask, model.flags.bitsOf('__GFP_NOFAIL')) !== false;
}

interface Verdict {
  readonly certainty: Certainty;
  readonly what: string;
}

/** Tests that see NULL. */
const SEES_NULL = /^(|likely|unlikely|WARN_ON(_ONCE)?|WARN(_ONCE)?|BUG_ON|ZERO_OR_NULL_PTR|IS_ERR_OR_NULL)$/;

/** Why the tests of a result cannot see that the allocation failed; undefined when one can. */
function blindTest({ api, callee }: CallSite, { tests }: FirstUse): string | undefined {
  if (api?.failure === 'null' && tests.has('IS_ERR') && ![...tests].some((test) => SEES_NULL.test(test)))
    return `IS_ERR() never sees that ${callee}() failed: it returns NULL`;
  const named = [...tests].filter((test) => test !== '' && !/^(un)?likely$/.test(test));
  if (api?.failure === 'err-ptr' && tests.has('') && named.length === 0)
    return `a test for NULL never sees that ${callee}() failed: it returns an error pointer`;
  return undefined;
}

function judge(call: CallSite, use: FirstUse): Verdict | undefined {
  // What `*p` names may have been tested under its own name.
  const straight: Certainty = use.always && !use.place.startsWith('*') ? 'definite' : 'possible';
  switch (use.kind) {
    case 'dereferenced':
      return { certainty: straight, what: 'is used' };
    case 'element-address':
      return { certainty: use.checkedLater ? 'possible' : straight, what: 'is used' };
    case 'argument':
      return argument(use, straight);
    case 'none':
    case 'copied':
      // Anything else that is only stored may be checked by whoever reads it.
      return use.checkedLater || !NAMING.test(call.callee) || !/->|\./.test(use.place)
        ? undefined
        : { certainty: 'possible', what: 'is stored' };
    default:
      return undefined;
  }
}

function argument(use: FirstUse, straight: Certainty): Verdict | undefined {
  const callee = use.callee ?? '';
  const reads = DEREFERENCING.get(callee);
  if (reads?.includes(use.position ?? -1)) return { certainty: straight, what: `is passed to ${callee}()` };
  if (TOLERANT.test(callee)) return undefined;
  return { certainty: 'possible', what: `is passed to ${callee}()` };
}

function check(call: CallSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  if (call.context.unreachable || !mayFail(call, model) || isTestSource(facts.file.path)) return [];
  const use = firstUse(memoryOf(facts, model), call);
  const blind = use?.kind === 'checked' ? blindTest(call, use) : undefined;
  if (use !== undefined && blind !== undefined) return [blindFinding(call, use, blind, isForeign(call, model))];
  const verdict = use === undefined ? undefined : judge(call, use);
  if (use === undefined || verdict === undefined) return [];
  const failure = call.api?.failure === 'err-ptr' ? 'an error pointer' : 'NULL';
  return [
    {
      range: call.range,
      message: `${use.place} ${verdict.what} before it is checked: ${call.callee}() may return ${failure}`,
      certainty: isBootCode(call.function) || isForeign(call, model) ? 'possible' : verdict.certainty,
      trace: use.range === undefined ? [] : [{ range: use.range, message: `${use.place} ${verdict.what} here` }],
      call,
      mask: call.effectiveMask,
    },
  ];
}

/** The result is tested, but for the wrong thing. */
function blindFinding(call: CallSite, use: FirstUse, message: string, foreign: boolean): RuleFinding {
  return {
    range: call.range,
    message,
    certainty: foreign ? 'possible' : 'definite',
    trace: use.range === undefined ? [] : [{ range: use.range, message: `${use.place} is tested here` }],
    call,
    mask: call.effectiveMask,
  };
}

export const uncheckedAllocation: Rule = {
  id: 'unchecked-allocation',
  summary: 'the result of an allocation is used before it is checked',
  severity: 'warning',
  doc: `## What it finds

The result of an allocation that may fail is dereferenced, or passed to a function that dereferences it, before anything tests it; or it is tested for the wrong thing: \`IS_ERR()\`
after \`kzalloc()\`, which returns NULL, \`!p\` after \`memdup_user()\`, which returns an error pointer. As a possible finding: it is passed to
an unknown function, or stored as a name (\`devm_kasprintf()\`), and never tested in the function.

## Why

Small GFP_KERNEL requests hardly ever fail, but they do: in a memory cgroup at its limit, in a process that the OOM killer has chosen, with fault injection, and always sooner
with GFP_ATOMIC or GFP_NOWAIT. Then the kernel oopses in a place that has nothing to do with the shortage.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct domain {
	int id;
};

static struct domain *domain_new(int id)
{
	struct domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	d->id = id;
	return d;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct domain {
	int id;
};

static struct domain *domain_new(int id)
{
	struct domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	d->id = id;
	return d;
}
\`\`\`

## When it stays silent

With \`__GFP_NOFAIL\`, when any test of the result comes first (also \`WARN_ON()\`, \`IS_ERR()\`, a comparison), when
the result is returned to the caller or stored for somebody else to test, and where a goto or a loop hides the order of things. In boot code (\`__init\`) and with a mask from the caller it is a possible finding, and tests are left alone.

## References

- Documentation/core-api/memory-allocation.rst
- mm/page_alloc.c: __alloc_pages_slowpath(); mm/fail_page_alloc.c
`,
  checkCall: check,
};
