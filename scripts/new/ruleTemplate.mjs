// What a new rule begins as: a small rule that works, with its page and its fixtures, to be replaced piece by piece.

/** The file in server/src/rules/. */
export function ruleSource(id, name, summary) {
  return `import type { CallSite } from '../facts/site';
import type { Rule, RuleContext, RuleFinding } from './rule';

// What to look at: \`call\` has the mask, the context, the size and where the result goes (server/src/facts/site.ts). What is not known is
// undefined or unknown; be silent then.
function check(call: CallSite, _context: RuleContext): readonly RuleFinding[] {
  if (call.context.unreachable || call.api?.allocates === undefined) return [];
  if (call.size?.bytes.max !== 0) return [];
  return [{ range: call.range, message: \`\${call.callee}() of no bytes\`, certainty: 'definite', call, mask: call.effectiveMask }];
}

export const ${name}: Rule = {
  id: '${id}',
  summary: '${summary.replaceAll("'", "\\'")}',
  severity: 'hint',
  doc: \`## What it finds

One sentence: the code, and what is wrong with it.

## Why

What happens in the kernel then, and since which release.

## Example

\\\`\\\`\\\`c bad
#include <linux/slab.h>

static void *ring_new(void)
{
	return kmalloc(0, GFP_KERNEL);
}
\\\`\\\`\\\`

## Instead

\\\`\\\`\\\`c good
#include <linux/slab.h>

static void *ring_new(size_t len)
{
	return kmalloc(len, GFP_KERNEL);
}
\\\`\\\`\\\`

## When it stays silent

Where it cannot prove its point: say where that is.

## References

- mm/slub.c: the function, and the release it was read in
\`,
  checkCall: check,
};
`;
}

/** The fixtures in test/rules/ID/, by name. */
export function ruleFixtures(id) {
  return {
    'bad.c': `#include <linux/slab.h>

static void *ring_new(void)
{
	return kmalloc(0, GFP_KERNEL); // want ${id} "kmalloc() of no bytes"
	//     ^^^^^^^^^^^^^^^^^^^^^^ ${id}
}
`,
    'good.c': `// want nothing
#include <linux/slab.h>

static void *ring_new(void)
{
	return kmalloc(64, GFP_KERNEL);
}
`,
    'silent.c': `// want nothing
/* The size is not known here. */
#include <linux/slab.h>

static void *ring_new(size_t len)
{
	return kmalloc(len, GFP_KERNEL);
}
`,
  };
}
