import type { MaskSite } from '../facts/site';
import type { Rule, RuleFinding } from './rule';

const BITWISE: Readonly<Record<string, string>> = { '||': '|', '&&': '&', '!': '~', '+': '|' };

const EFFECT: Readonly<Record<string, string>> = {
  '||': 'gives 1',
  '&&': 'gives 0 or 1',
  '!': 'gives 0',
  '+': 'carries when a flag is in both operands',
};

function check(site: MaskSite): readonly RuleFinding[] {
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
