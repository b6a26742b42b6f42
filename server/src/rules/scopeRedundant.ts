import { reclaimOf } from '../facts/linkage/acts';
import type { CallSite, FunctionFacts, Held } from '../facts/site';
import { hasAny } from '../mask/mask';
import { isWritten } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';

/** What a scope does to every mask used in it, and the composite that says the same. */
const SCOPES: Partial<Record<Held['resource'], { readonly flag: string; readonly form: string; readonly restore: string }>> = {
  'nofs-scope': { flag: '__GFP_FS', form: 'GFP_NOFS', restore: 'memalloc_nofs_restore' },
  'noio-scope': { flag: '__GFP_IO', form: 'GFP_NOIO', restore: 'memalloc_noio_restore' },
  'noreclaim-scope': { flag: '__GFP_DIRECT_RECLAIM', form: '', restore: 'memalloc_noreclaim_restore' },
};

/** GFP_NOFS inside memalloc_nofs_save(): the scope says it already. */
function checkCall(call: CallSite, { model, facts }: RuleContext): RuleFinding[] {
  if (!call.mask || isTestSource(facts.file.path)) return [];
  for (const held of call.context.held) {
    const scope = SCOPES[held.resource];
    const base = scope && call.mask.terms.find((term) => term.text === scope.form && term.role === 'or' && isWritten(term));
    if (!scope || !base || hasAny(call.effectiveMask, model.flags.bitsOf(scope.flag)) !== false) continue;
    // In a mask that may be used outside as well (a wrapper's argument) the scope is no reason to change it.
    if (reclaimOf(call, model) === 'fs') continue;
    return [
      {
        range: base.range,
        message: `${scope.form} is redundant: ${held.by}() already takes ${scope.flag} away here`,
        certainty: 'definite',
        trace: [{ range: held.range, message: 'the scope begins here' }],
        fixes: [plainMask(base.range)],
        call,
      },
    ];
  }
  return [];
}

function plainMask(range: RuleFinding['range']): Fix {
  return { title: 'Use GFP_KERNEL', safety: 'safe', edits: [{ range, newText: 'GFP_KERNEL' }] };
}

/** A scope that is still open when the function returns. */
function checkFunction(fn: FunctionFacts, { facts }: RuleContext): RuleFinding[] {
  if (isTestSource(facts.file.path)) return [];
  return fn.leaks.flatMap((held): RuleFinding[] => {
    const scope = SCOPES[held.resource];
    if (!scope || /save|enter|begin|start|set|alloc|trans|push|roll/.test(fn.name)) return [];
    return [
      {
        range: held.range,
        message: `the scope that ${held.by}() opens is not closed on some path: ${scope.restore}() is missing`,
        certainty: 'definite',
        severity: 'warning',
        function: fn,
      },
    ];
  });
}

export const scopeRedundant: Rule = {
  id: 'scope-redundant',
  summary: 'a mask that repeats its memalloc scope, or a scope that is not closed',
  severity: 'hint',
  doc: `## What it finds

\`GFP_NOFS\` inside a \`memalloc_nofs_save()\` scope and \`GFP_NOIO\` inside a \`memalloc_noio_save()\` scope (hint), and a scope that a function opens and
leaves open on some path (warning).

## Why

A scope takes the flag away from every allocation inside, also from those in functions that are called. Repeating it at single calls hides
which of the two is meant, and stays behind when the scope moves. A scope that is not closed changes the allocations of the task
from then on: they stop reclaiming what they could.

## Example

\`\`\`c bad
#include <linux/sched/mm.h>
#include <linux/slab.h>

void *load_table(size_t size)
{
	unsigned int flags = memalloc_nofs_save();
	void *table = kzalloc(64, GFP_NOFS);

	memalloc_nofs_restore(flags);
	return table;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/sched/mm.h>
#include <linux/slab.h>

void *load_table(size_t size)
{
	unsigned int flags = memalloc_nofs_save();
	void *table = kzalloc(64, GFP_KERNEL);

	memalloc_nofs_restore(flags);
	return table;
}
\`\`\`

## When it stays silent

When the scope is open on some path only, and in functions whose names say that they open a scope for their caller.

## References

- Documentation/core-api/gfp_mask-from-fs-io.rst, "Scope API"
- include/linux/sched/mm.h
`,
  checkCall,
  checkFunction,
};
