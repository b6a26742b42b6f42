import type { ArgumentFact, CallSite, FileFacts } from '../facts/site';
import type { FlagTable } from '../kernel/model';
import type { Fix, Rule, RuleContext, RuleFinding } from './rule';

/** Whether the text is a mask and nothing else: flag words joined by `|`, parentheses allowed. */
export function isMaskText(text: string, flags: FlagTable): boolean {
  if (!/^[\w\s|()]+$/.test(text)) return false;
  const words = text.match(/\w+/g);
  return words?.every((word) => flags.bits(word) !== undefined) ?? false;
}

/** Whether the text is surely no mask: a number, or something with sizeof in it. */
function isSizeText(text: string): boolean {
  return /^\d\w*$/.test(text) || /\bsizeof\b/.test(text);
}

function mentionsMask(text: string): boolean {
  return /gfp/i.test(text);
}

function check(call: CallSite, context: RuleContext): readonly RuleFinding[] {
  const { flags } = context.model;
  const gfp = maskPosition(call, context.facts);
  if (gfp === 'unknown') return [];
  const asMask = gfp === undefined ? undefined : call.args[gfp];
  if (asMask && mentionsMask(asMask.text)) return [];
  const misplaced = call.args.find((argument, index) => index !== gfp && isMaskText(argument.text, flags));
  if (misplaced) return [maskElsewhere(call, misplaced, asMask)];
  if (!asMask || !/\bsizeof\b/.test(asMask.text)) return [];
  const range = asMask.range;
  return [{ range, message: `${asMask.text} is passed as the mask of ${call.callee}()`, certainty: 'definite' }];
}

/** Where a call takes its mask: by the catalogue, or by the parameters of a function of the same file; undefined when it takes none. */
function maskPosition({ api, origin, callee }: CallSite, facts: FileFacts): number | undefined | 'unknown' {
  if (origin === 'catalogue' && api) return api.gfp;
  if (origin !== 'local-function') return 'unknown';
  // A second mask may be meant for something else.
  const parameters = facts.functions.find(({ name }) => name === callee)?.gfpParameters;
  return parameters?.length === 1 ? parameters[0]!.index : 'unknown';
}

function maskElsewhere(call: CallSite, misplaced: ArgumentFact, asMask: ArgumentFact | undefined): RuleFinding {
  const place = placeOf(call, call.args.indexOf(misplaced));
  if (!asMask) {
    const message = `${misplaced.text} is passed as ${place} of ${call.callee}(), which takes no mask`;
    return { range: misplaced.range, message, certainty: 'definite' };
  }
  const swap: Fix = {
    title: 'Swap the arguments',
    safety: 'safe',
    edits: [
      { range: misplaced.range, newText: asMask.text },
      { range: asMask.range, newText: misplaced.text },
    ],
  };
  const kind = isSizeText(asMask.text) ? 'a size' : asMask.text;
  return {
    range: misplaced.range,
    message: `${misplaced.text} is passed as ${place} of ${call.callee}(), and ${kind} as the mask`,
    certainty: 'definite',
    fixes: [swap],
  };
}

function placeOf(call: CallSite, index: number): string {
  const size = call.api?.size;
  if (size?.kind === 'order' && size.arg === index) return 'the order';
  if (size?.kind === 'bytes' && size.arg === index) return 'the size';
  if (size?.kind === 'array' && size.count === index) return 'the count';
  if (size?.kind === 'array' && size.element === index) return 'the element size';
  return `argument ${index + 1}`;
}

export const swappedArguments: Rule = {
  id: 'swapped-arguments',
  summary: 'a mask in the size position or a size in the mask position',
  severity: 'error',
  doc: `## What it finds

A mask where the function takes a size, an order or a count (\`kmalloc(GFP_KERNEL, len)\`), a mask given to a function that takes none
(\`vmalloc(GFP_KERNEL)\`), and \`sizeof\` where it takes the mask. Functions of the same file with one gfp_t parameter count as well.

## Why

Both are integers for the compiler, which only sparse tells apart. The call then asks for a size that is the number of the mask, with a mask that is the number
of the size: any flag may be set.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct session {
	int id;
};

struct session *new_session(void)
{
	return kzalloc(GFP_KERNEL, sizeof(struct session));
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct session {
	int id;
};

struct session *new_session(void)
{
	return kzalloc(sizeof(struct session), GFP_KERNEL);
}
\`\`\`

## When it stays silent

When the mask position holds something that mentions gfp, or both positions hold variables.

## References

- include/linux/slab.h, include/linux/gfp.h: the prototypes
`,
  checkCall: check,
};
