import { type FileMemory, memoryOf, type PlaceHistory, plainResizing } from '../facts/memory';
import type { CallSite, FileFacts } from '../facts/site';
import { hasAny } from '../mask/mask';
import { callEdit, lineText } from './callLayout';
import type { Certainty, Fix, Rule, RuleContext, RuleFinding } from './rule';
import { isTestSource } from './sourcePlace';

/** Functions that keep the old block when they fail. The managed forms are left out: their device still frees it. */
const RESIZING = new Set(['krealloc', 'krealloc_array', 'kvrealloc']);

function targetText(call: CallSite): string | undefined {
  const { result } = call;
  if (result.kind === 'variable') return result.name;
  return result.kind === 'field' || result.kind === 'other' ? result.text : undefined;
}

function check(call: CallSite, { facts, model }: RuleContext): readonly RuleFinding[] {
  if (!RESIZING.has(call.callee) || call.context.unreachable || call.origin === 'macro' || isTestSource(facts.file.path)) return [];
  const target = targetText(call);
  const old = call.args[0];
  if (target === undefined || old === undefined || old.text.replace(/\s+/g, '') !== target) return [];
  if (hasAny(call.effectiveMask, model.flags.bitsOf('__GFP_NOFAIL')) !== false) return [];
  const memory = memoryOf(facts, model);
  const history = memory.history(old.node);
  // A second copy of the pointer may be what the error path frees: one made here, or the place a local was read from.
  const copied =
    history === undefined ||
    history.uses.some((use) => use.kind === 'copied' || use.kind === 'address-taken' || use.kind === 'other') ||
    (history.kind === 'local' && history.uses.some((use) => use.kind === 'assigned' && use.nullValue !== true));
  const certainty: Certainty = copied ? 'possible' : 'definite';
  return [
    {
      range: call.range,
      message: `${target} = ${call.callee}(${target}, …) loses the old memory when it fails: NULL overwrites the only pointer to it`,
      certainty,
      fixes: temporary(memory, facts, call, target, isFreed(history)),
      call,
      mask: call.effectiveMask,
    },
  ];
}

/** The file gives the member's memory back somewhere; without that the old block would be lost later, with its member. */
function isFreed(history: PlaceHistory | undefined): boolean {
  return history?.cleanup === true || history?.uses.some((use) => use.kind === 'freed') === true;
}

/**
 * Keeps the result in a variable of its own until it is known to be good. Only for members: whoever owns the object frees the old memory; a local
 * variable would have to be freed on the way out.
 */
function temporary(memory: FileMemory, facts: FileFacts, call: CallSite, target: string, freed: boolean): readonly Fix[] {
  const plain = call.result.kind === 'field' ? plainResizing(memory, call) : undefined;
  if (plain === undefined) return [];
  const { bytes } = facts.file;
  const indentOf = (offset: number) => /^[ \t]*/.exec(lineText(facts, { start: bytes.lastIndexOf(0x0a, offset - 1) + 1, end: offset }))![0];
  const indent = indentOf(plain.target.start);
  const { name } = plain;
  const args = call.args.map((argument) => lineText(facts, argument.range));
  const laidOut = callEdit(facts, call, call.callee, args, name.length - (plain.target.end - plain.target.start));
  if (laidOut === undefined) return [];
  const declaration = `\n${indent}void *${name};${plain.hasDeclarations ? '' : '\n'}`;
  return [
    {
      title: `Keep the result in ${name} until it is checked`,
      safety: freed ? 'safe' : 'unsafe',
      edits: [
        { range: { start: plain.declareAt, end: plain.declareAt }, newText: declaration },
        { range: plain.target, newText: name },
        laidOut,
        { range: plain.tested, newText: name },
        { range: { start: plain.check.end, end: plain.check.end }, newText: `\n${indent}${target} = ${name};` },
      ],
    },
  ];
}

export const kreallocLeak: Rule = {
  id: 'krealloc-leak',
  summary: 'the result of krealloc() overwrites the only pointer to the old memory',
  severity: 'warning',
  doc: `## What it finds

\`p = krealloc(p, ...)\` and the same with \`krealloc_array()\` and \`kvrealloc()\`, where the mask may fail. Where a NULL check follows at once and the pointer
is a member, the fix keeps the result in a variable of its own until it is checked. It waits for a person where the file never frees that member: then the old block
would leak a little later.

## Why

When it cannot get memory, krealloc() returns NULL and leaves the old block alone. Assigned to the same pointer, NULL overwrites the only way to free it: the
block leaks, and its contents are lost.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct log {
	char *text;
	size_t size;
};

static int log_grow(struct log *log)
{
	log->text = krealloc(log->text, log->size * 2, GFP_KERNEL);
	if (!log->text)
		return -ENOMEM;
	log->size *= 2;
	return 0;
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct log {
	char *text;
	size_t size;
};

static int log_grow(struct log *log)
{
	char *text = krealloc(log->text, log->size * 2, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	log->text = text;
	log->size *= 2;
	return 0;
}
\`\`\`

## When it stays silent

With \`__GFP_NOFAIL\` or a mask from the caller, for managed memory (\`devm_krealloc()\`), which the device still frees. When a copy of the pointer may exist it is a
possible finding. Tests are left alone.

## References

- mm/slab_common.c: krealloc() (6.1); mm/slub.c (6.12)
`,
  checkCall: check,
};
