import type { MaskSite, MaskTerm } from '../facts/site';
import { replaceTermFix } from './maskEdits';
import { termBits } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { isAllocatorSource } from './sourcePlace';
import { isMaskText } from './swappedArguments';

function check(site: MaskSite, { model, facts }: RuleContext): readonly RuleFinding[] {
  if (isAllocatorSource(facts.file.path)) return [];
  return site.terms.flatMap((term): RuleFinding[] => {
    if (term.kind === 'raw') {
      const name = model.flags.rawName(term.text);
      if (name === undefined) return [];
      const message = `${term.text} is the header's private number: use ${name}`;
      return [{ range: term.range, message, certainty: 'definite', fixes: replaceTermFix(term, name, 'safe') }];
    }
    if (!isBareNumber(term) || !isMaskPlace(site, model.flags)) return [];
    const message = `${term.text} as a mask: flag numbers change with the release and the configuration, use names`;
    return [{ range: term.range, message, certainty: 'definite' }];
  });
}

/** A literal other than 0, ORed in or alone. */
function isBareNumber(term: MaskTerm): boolean {
  return term.kind === 'number' && term.role === 'or' && !/^0[xX]?0*[uUlL]*$/.test(term.text);
}

/** The place is surely a mask: beside flag words, or the mask argument of an allocator none of whose other arguments looks like the mask. */
function isMaskPlace(site: MaskSite, flags: RuleContext['model']['flags']): boolean {
  if (site.terms.some((term) => term.role === 'or' && termBits(term, flags) !== 0)) return true;
  const { call } = site;
  if (call?.api?.allocates === undefined || call.api.sleeps !== 'mask') return false;
  return !call.args.some((argument) => isMaskText(argument.text, flags));
}

export const privateFlag: Rule = {
  id: 'private-flag',
  summary: 'a private ___GFP_ number or a bare number used as a mask',
  severity: 'warning',
  doc: `## What it finds

\`___GFP_*\` names (three underscores) and literal numbers in a mask, outside the headers and mm/.

## Why

The numbers moved in 4.18, in 5.1 and with every flag that came or went, and since 6.9 they depend on the configuration. \`___GFP_*\` names are plain
integers without the type that lets sparse check masks; they exist for the header's own definitions.

## Example

\`\`\`c bad
#include <linux/slab.h>

void *scratch(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | ___GFP_NOWARN);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

void *scratch(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_NOWARN);
}
\`\`\`

## When it stays silent

0 is a valid mask. Numbers in arguments of functions that are not known to allocate, and in swapped arguments (see swapped-arguments).

## References

- include/linux/gfp_types.h: the comment above the plain integer bitmasks
`,
  checkMask: check,
};
