import type { MaskSite } from '../facts/site';
import { sourceText } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';

const BITWISE: Readonly<Record<string, string>> = { '||': '|', '&&': '&', '!': '~', '+': '|' };

/** Bytes around an operand in which its operator is looked for. */
const LOOK_AROUND = 80;

const EFFECT: Readonly<Record<string, string>> = {
  '||': 'gives 1',
  '&&': 'gives 0 or 1',
  '!': 'gives 0',
  '+': 'carries when a flag is in both operands',
};

function check(site: MaskSite, context: RuleContext): readonly RuleFinding[] {
  if (site.use === 'condition' && isConstant(site)) return operandOfTest(site, context);
  return site.wrongOperators.flatMap(({ operator, range, operand }) => {
    const bitwise = BITWISE[operator];
    if (bitwise === undefined) return [];
    // In a condition the rest of the expression was written around the logical operator.
    const safety = site.use === 'condition' ? 'unsafe' : 'safe';
    return [
      {
        range,
        message: `\`${operator}\` on ${operand} ${EFFECT[operator]!}, not a mask: \`${bitwise}\` is meant`,
        certainty: 'definite',
        fixes: [{ title: `Use \`${bitwise}\``, safety, edits: [{ range, newText: bitwise }] }],
      } satisfies RuleFinding,
    ];
  });
}

/** Nothing but flag words: as a truth value always the same. */
function isConstant(site: MaskSite): boolean {
  return site.terms.length > 0 && site.terms.every((term) => (term.kind === 'flag' || term.kind === 'composite') && term.role === 'or');
}

/** `gfp && __GFP_FS`: the control flow splits the condition, and each operand is a site of its own. */
function operandOfTest(site: MaskSite, { facts }: RuleContext): readonly RuleFinding[] {
  const { bytes } = facts.file;
  const before = /(&&|\|\|)[\s(]*$/.exec(sourceText(facts, { start: Math.max(0, site.range.start - LOOK_AROUND), end: site.range.start }));
  const after = /^[\s)]*(&&|\|\|)/.exec(
    sourceText(facts, { start: site.range.end, end: Math.min(bytes.length, site.range.end + LOOK_AROUND) }),
  );
  const operator = before?.[1] ?? after?.[1];
  if (operator === undefined) return [];
  const start = before ? site.range.start - before[0].length : site.range.end + after![0].length - operator.length;
  const range = { start, end: start + operator.length };
  const bitwise = BITWISE[operator]!;
  return [
    {
      range,
      message: `\`${operator}\` takes ${site.text} as a truth value, which is always true: \`${bitwise}\` is meant`,
      certainty: 'definite',
      fixes: [{ title: `Use \`${bitwise}\``, safety: 'unsafe', edits: [{ range, newText: bitwise }] }],
    },
  ];
}

export const logicalMask: Rule = {
  id: 'logical-mask',
  summary: 'a logical or arithmetic operator where a bitwise one was meant',
  severity: 'error',
  doc: `## What it finds

\`||\`, \`&&\`, \`!\` or \`+\` applied to flag words.

## Why

\`GFP_KERNEL || __GFP_NOWARN\` is 1, which as a mask is \`__GFP_DMA\` alone: no reclaim, the smallest zone. \`gfp & !__GFP_FS\` clears every flag, and
\`if (gfp && __GFP_FS)\` is true for every mask but 0. \`+\` works until one operand already has the flag; then it carries into the next bit.

## Example

\`\`\`c bad
#include <linux/slab.h>

void *quiet_buffer(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL || __GFP_NOWARN);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

void *quiet_buffer(unsigned int len)
{
	return kmalloc(len, GFP_KERNEL | __GFP_NOWARN);
}
\`\`\`

## When it stays silent

When the operand is a test (\`(gfp & __GFP_FS) && ready\`) or a variable.

## References

- include/linux/gfp_types.h: flags are bits of a gfp_t, combined with \`|\`, tested with \`&\`, cleared with \`& ~\`
`,
  checkMask: check,
};
