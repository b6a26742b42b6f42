import type { CallSite } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import { removeTermFix } from './maskEdits';
import { flagRange, maskRange, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { isAllocatorSource } from './sourcePlace';

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  if (call.api?.allocates !== 'vmalloc' || call.api.gfp === undefined || !call.mask) return [];
  if (isAllocatorSource(context.facts.file.path)) return [];
  switch (context.model.behaviour.vmalloc.masks) {
    case 'kernel':
      return [...kernelOnly(call, context), ...documentedOnly(call, context)];
    case 'blocking':
      return [...blockingOnly(call, context), ...documentedOnly(call, context)];
    case 'whitelist':
      return notListed(call, context);
  }
}

/** Up to 5.16 the page tables are allocated with GFP_KERNEL whatever the mask says. */
function kernelOnly(call: CallSite, { model: { flags } }: RuleContext): RuleFinding[] {
  const missing = ['__GFP_DIRECT_RECLAIM', '__GFP_IO', '__GFP_FS'].find((name) => (flags.bitsOf(name) & call.effectiveMask.clear) !== 0);
  if (missing === undefined) return [];
  const sleeps = missing === '__GFP_DIRECT_RECLAIM';
  const scope = missing === '__GFP_IO' ? 'memalloc_noio_save()' : 'memalloc_nofs_save()';
  const message = sleeps
    ? `${call.callee}() may sleep although the mask forbids it: page tables are allocated with GFP_KERNEL`
    : `${call.callee}() ignores the missing ${missing} for its page tables: use a ${scope} scope with GFP_KERNEL`;
  return [{ range: maskRange(call), message, certainty: 'definite' }];
}

function blockingOnly(call: CallSite, { model: { flags } }: RuleContext): RuleFinding[] {
  if ((flags.bitsOf('__GFP_DIRECT_RECLAIM') & call.effectiveMask.clear) === 0) return [];
  const message = `${call.callee}() needs a mask that may sleep: it takes sleeping locks whatever the mask says`;
  return [{ range: maskRange(call), message, certainty: 'definite' }];
}

/** The kernel's comment excludes these, the code honours them for the pages though not for the page tables. */
function documentedOnly(call: CallSite, { model: { flags } }: RuleContext): RuleFinding[] {
  return ['__GFP_NORETRY', '__GFP_RETRY_MAYFAIL'].flatMap((name) => {
    const bit = flags.bitsOf(name);
    if ((bit & call.effectiveMask.set) === 0) return [];
    const message = `${call.callee}() does not support ${name}: page tables are allocated without it`;
    return [{ range: flagRange(call, flags, bit), message, certainty: 'possible' } satisfies RuleFinding];
  });
}

function notListed(call: CallSite, { model, facts }: RuleContext): RuleFinding[] {
  const { flags, behaviour } = model;
  const listed = behaviour.vmalloc.whitelist.reduce((bits, name) => bits | flags.bitsOf(name), 0);
  const bad = call.mask!.value.set & ~listed;
  if (bad === 0) return [];
  const words = termsWith(call.mask!, flags, bad).filter((term) => (termBits(term, flags) & ~bad) === 0);
  return [
    {
      range: flagRange(call, flags, bad),
      message: `${call.callee}() does not support ${namesOf(flags, bad)}: this kernel warns and drops it`,
      certainty: 'definite',
      fixes: words.flatMap((term) => removeTermFix(facts, call.mask!, term, 'safe')),
    },
  ];
}

function namesOf(flags: FlagTable, bits: number): string {
  return flags.names.filter((name) => (flags.bitsOf(name) & bits) !== 0).join(', ');
}

export const invalidForVmalloc: Rule = {
  id: 'invalid-for-vmalloc',
  summary: 'a mask that __vmalloc() of this kernel does not support',
  severity: 'warning',
  doc: `## What it finds

Masks given to \`__vmalloc()\` and its kin that the release does not support: up to 5.16 anything that is not based on \`GFP_KERNEL\`, from 5.17 to 6.18 masks that may not
sleep, from 6.19 flags outside its list, such as \`__GFP_HIGHMEM\` and the zone flags. \`__GFP_NORETRY\` and \`__GFP_RETRY_MAYFAIL\` before that are shown as possible findings.

## Why

vmalloc allocates page tables and takes locks besides the pages it was asked for. Where these do not follow the mask, \`GFP_NOFS\` recurses into the file system
and \`GFP_ATOMIC\` sleeps. 6.19 and later warn about unsupported flags and drop them.

## Example

\`\`\`c bad
//# kernel 6.1
#include <linux/vmalloc.h>

void *snapshot(unsigned long size)
{
	return __vmalloc(size, GFP_NOWAIT);
}
\`\`\`

## Instead

\`\`\`c good
//# kernel 6.1
#include <linux/vmalloc.h>

void *snapshot(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_NOWARN);
}
\`\`\`

## When it stays silent

Sources under mm/. When the mask is not known well enough; the composites that the kernel's comment lists (\`GFP_NOFS\` and \`GFP_NOIO\` since 5.17).

## References

- mm/vmalloc.c: __vmalloc_node_range(), and vmalloc_fix_flags() since 6.19
`,
  checkCall: check,
};
