import type { CallSite } from '../facts/site';
import type { Rule, RuleFinding } from './rule';

/** Whether the text is sizes of types or objects only: `sizeof(x)`, `sizeof *p`, `sizeof(a) + sizeof(b)`. */
function isObjectSize(text: string): boolean {
  const flat = withoutParentheses(text);
  return flat !== undefined && /^\s*sizeof(\s*[\w*>.-]+)?\s*(\+\s*sizeof(\s*[\w*>.-]+)?\s*)*$/.test(flat);
}

/** The text without what stands in parentheses; undefined when they do not match. */
function withoutParentheses(text: string): string | undefined {
  let depth = 0;
  let flat = '';
  for (const letter of text) {
    if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (depth === 0) flat += letter;
    if (depth < 0) return undefined;
  }
  return depth === 0 ? flat : undefined;
}

function check(call: CallSite): readonly RuleFinding[] {
  const size = call.api?.size;
  if (size?.kind !== 'array') return [];
  const count = call.args[size.count];
  const element = call.args[size.element];
  if (!count || !element || !isObjectSize(count.text) || /\bsizeof\b/.test(element.text)) return [];
  return [
    {
      range: count.range,
      message: `${count.text} is passed as the count of ${call.callee}(), ${element.text} as the element size: the other way round is meant`,
      certainty: 'definite',
      fixes: [
        {
          title: 'Swap count and size',
          safety: 'safe',
          edits: [
            { range: count.range, newText: element.text },
            { range: element.range, newText: count.text },
          ],
        },
      ],
    },
  ];
}

export const callocTransposed: Rule = {
  id: 'calloc-transposed',
  summary: 'element size and count of an array allocation in the wrong order',
  severity: 'warning',
  doc: `## What it finds

\`sizeof\` in the count position of an array allocation (\`kcalloc()\`, \`kvmalloc_array()\`, \`devm_kcalloc()\` and wrappers of them) while the element size is
something else.

## Why

The product is the same, so nothing breaks at once. But compilers, the allocation profiler and the hardening of object sizes take the second number for
the size of one element, and gcc 14 warns (-Wcalloc-transposed-args).

## Example

\`\`\`c bad
#include <linux/slab.h>

struct slot {
	int id;
};

struct slot *new_slots(unsigned int count)
{
	return kcalloc(sizeof(struct slot), count, GFP_KERNEL);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct slot {
	int id;
};

struct slot *new_slots(unsigned int count)
{
	return kcalloc(count, sizeof(struct slot), GFP_KERNEL);
}
\`\`\`

## When it stays silent

When both numbers hold a sizeof, or the count is a calculation with one (\`sizeof(x) * n\`).

## References

- include/linux/slab.h: kmalloc_array(), kcalloc()
- include/linux/bpf.h: bpf_map_kvcalloc()
`,
  checkCall: check,
};
