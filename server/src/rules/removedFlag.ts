import type { FileFacts, MaskSite, MaskTerm } from '../facts/site';
import type { AbsentFlag } from '../kernel/model';
import { removeTermFix, replaceTermFix } from './maskEdits';
import { isWritten, sourceText } from './maskTerms';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';

function check(site: MaskSite, context: RuleContext): readonly RuleFinding[] {
  const { model, facts } = context;
  return site.terms.flatMap((term) => {
    if (term.kind !== 'absent' || isGuarded(facts, term.text)) return [];
    const absent = model.flags.absent(term.text);
    if (!absent) return [];
    return [
      {
        range: term.range,
        message: messageOf(absent, model.label),
        certainty: 'definite',
        fixes: fixesOf(absent, site, term, context),
      } satisfies RuleFinding,
    ];
  });
}

function messageOf(absent: AbsentFlag, label: string): string {
  const instead = `: ${absent.successor === undefined ? absent.note : `use ${absent.successor}`}`;
  if (absent.kind === 'newer') return `${absent.name} does not exist in ${label}, ${absent.release} adds it${instead}`;
  return `${absent.name} does not exist in ${label}, ${absent.release} removed it${instead}`;
}

function fixesOf(absent: AbsentFlag, site: MaskSite, term: MaskTerm, { facts }: RuleContext): readonly Fix[] {
  if (!isWritten(term)) return [];
  const { successor } = absent;
  if (successor === undefined) return removeTermFix(facts, site, term, 'unsafe');
  const compound = /[^\w]/.test(successor) && term.role !== 'or';
  return replaceTermFix(term, compound ? `(${successor})` : successor, absent.equivalent && term.role === 'or' ? 'safe' : 'unsafe');
}

/** The file itself asks the preprocessor whether the name exists: code for several kernels. */
function isGuarded(facts: FileFacts, name: string): boolean {
  const text = sourceText(facts, { start: 0, end: facts.file.bytes.length });
  return new RegExp(`^[ \\t]*#[ \\t]*(if|ifdef|ifndef|elif)\\b[^\\n]*\\b${name}\\b`, 'm').test(text);
}

export const removedFlag: Rule = {
  id: 'removed-flag',
  summary: 'a flag name that this kernel does not have',
  severity: 'error',
  doc: `## What it finds

Flag names that existed in an earlier kernel or come with a later one, but not in the kernel the file belongs to.

## Why

Out-of-tree code and back-ported patches carry names along. Such code does not build, or, where a compatibility header defines the name as 0, silently
loses its meaning. Some names changed their sense too: \`__GFP_WAIT\` became two flags.

## Example

\`\`\`c bad
//# kernel 6.12
#include <linux/slab.h>

void *try_hard(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_REPEAT);
}
\`\`\`

## Instead

\`\`\`c good
//# kernel 6.12
#include <linux/slab.h>

void *try_hard(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}
\`\`\`

## When it stays silent

When the file defines the name itself or tests it with \`#ifdef\`; names that no known kernel has.

## References

- include/linux/gfp_types.h (include/linux/gfp.h before 6.0) of each release
`,
  checkMask: check,
};
