import { memoryOf, sizeofOperands } from '../facts/memory';
import type { CallSite } from '../facts/site';
import type { Rule, RuleContext, RuleFinding } from './rule';

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (call.api?.allocates === undefined || call.context.unreachable) return [];
  const findings: RuleFinding[] = [];
  for (const operand of sizeofOperands(memoryOf(facts, model), call)) {
    if (!operand.pointer || !operand.isTarget || operand.pointee !== 'object') continue;
    findings.push({
      range: operand.range,
      message: `sizeof(${operand.text}) is the size of the pointer, not of what ${call.callee}() should make room for`,
      certainty: 'definite',
      fixes: [
        {
          title: `Use sizeof(*${operand.text})`,
          safety: 'safe',
          edits: [{ range: { start: operand.range.start, end: operand.range.start }, newText: '*' }],
        },
      ],
      call,
    });
  }
  return findings;
}

export const sizeofPointer: Rule = {
  id: 'sizeof-pointer',
  summary: 'the size of the pointer allocated instead of the size of the object',
  severity: 'error',
  doc: `## What it finds

\`p = kmalloc(sizeof(p), ...)\` where \`p\` points to an object: the \`*\` is missing.

## Why

The call makes room for 8 bytes. Everything behind them is somebody else's memory.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct port {
	int number;
	char name[32];
};

static struct port *port_new(void)
{
	struct port *p = kzalloc(sizeof(p), GFP_KERNEL);

	return p;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct port {
	int number;
	char name[32];
};

static struct port *port_new(void)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	return p;
}
\`\`\`

## When it stays silent

Arrays of pointers (\`struct port **ports\`), pointers to void, pointers whose type is not in sight.

## References

- Documentation/process/coding-style.rst: "Allocating memory"
`,
  checkCall: check,
};
