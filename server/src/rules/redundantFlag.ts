import type { CallSite, FunctionFacts, MaskSite, MaskTerm, PointerFacts, PointerUse } from '../facts/site';
import type { FlagTable, MemoryFamily } from '../kernel/model';
import { isBefore } from '../kernel/release';
import { hasAll } from '../mask/mask';
import { basePolicy } from './conflictingFlags';
import { removeTermFix } from './maskEdits';
import { buildsMask, isWritten, sourceText, termBits, termsWith } from './maskTerms';
import type { Rule, RuleContext, RuleFinding } from './rule';
import { isFileSystem } from './sourcePlace';

/** Bytes before a call in which the start of its statement is looked for. */
const LOOK_BACK = 400;

const COMMENT = /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*/g;

/** Families whose allocator looks at the retry flags only after direct reclaim. Others may read them for themselves. */
const PLAIN_FAMILIES: ReadonlySet<MemoryFamily> = new Set(['slab', 'cache', 'page', 'page-address', 'pages-exact']);

/** Families that keep the promise of __GFP_NOFAIL. Page cache and file systems have other reasons to return NULL. */
const NOFAIL_FAMILIES: ReadonlySet<MemoryFamily> = new Set([
  'slab',
  'cache',
  'page',
  'page-address',
  'kv',
  'vmalloc',
  'skb',
  'devm',
  'urb',
  'bitmap',
]);

function finding(site: MaskSite, term: MaskTerm, message: string, context: RuleContext): RuleFinding {
  return {
    range: term.range,
    message,
    certainty: 'definite',
    fixes: removeTermFix(context.facts, site, term, 'safe'),
    unnecessary: true,
  };
}

/** Flag words that another word of the same expression contains. */
function impliedByTerms(site: MaskSite, context: RuleContext): RuleFinding[] {
  if (!buildsMask(site, context.facts)) return [];
  const { flags } = context.model;
  const words = site.terms.filter((term) => term.role === 'or' && isWritten(term) && termBits(term, flags) !== 0);
  return words.flatMap((term, index) => {
    const container = words.find((other, at) => other !== term && implies(other, term, flags, at < index));
    if (!container) return [];
    const message = container.text === term.text ? `${term.text} stands here twice` : `${container.text} already contains ${term.text}`;
    return [finding(site, term, message, context)];
  });
}

/** Of two words with the same bits the later one is superfluous. Base masks that contradict each other are no case of it. */
function implies(container: MaskTerm, term: MaskTerm, flags: FlagTable, earlier: boolean): boolean {
  const outer = termBits(container, flags);
  const inner = termBits(term, flags);
  if ((inner & ~outer) !== 0 || (inner === outer && !earlier)) return false;
  const policy = basePolicy(term, flags);
  return policy === 0 || basePolicy(container, flags) === 0 || policy === basePolicy(container, flags);
}

/** Flags that the callee sets by itself. */
function impliedByCallee(call: CallSite, context: RuleContext): RuleFinding[] {
  const site = call.mask;
  if (!site || !call.api) return [];
  const { flags } = context.model;
  return calleeFlags(call, context).flatMap(({ name, why }) => {
    const bit = flags.bitsOf(name);
    const words = termsWith(site, flags, bit).filter((term) => isWritten(term) && termBits(term, flags) === bit);
    return words.map((term) => finding(site, term, `${call.callee}() ${why}: ${name} is not needed`, context));
  });
}

function calleeFlags(call: CallSite, { model }: RuleContext): readonly { name: string; why: string }[] {
  const { allocates, adds, name } = call.api!;
  const own = (adds ?? []).map((flag) => ({ name: flag, why: `adds ${flag} itself` }));
  const since = (major: number, minor: number) => !isBefore(model.release, major, minor);
  // kernel/dma: every implementation clears the memory since 5.0.
  if (/^dmam?_alloc_(coherent|attrs|wc)$/.test(name) && since(5, 0)) own.push({ name: '__GFP_ZERO', why: 'returns zeroed memory' });
  // mm/vmalloc.c: highmem pages unless a DMA zone is asked for, since 4.13. From 6.19 the flag is refused: invalid-for-vmalloc.
  if (allocates === 'vmalloc' && since(4, 13) && model.behaviour.vmalloc.masks !== 'whitelist')
    own.push({ name: '__GFP_HIGHMEM', why: 'uses highmem pages by itself' });
  return own.filter((flag, index) => own.findIndex((other) => other.name === flag.name) === index);
}

/** Retry flags in a mask that never reclaims. */
function retryWithoutReclaim(call: CallSite, context: RuleContext): RuleFinding[] {
  const { flags } = context.model;
  const site = call.mask;
  const blocking = flags.bitsOf('__GFP_DIRECT_RECLAIM');
  const family = call.api?.allocates;
  if (!site || blocking === 0 || family === undefined || !PLAIN_FAMILIES.has(family)) return [];
  if (hasAll(call.effectiveMask, blocking) !== false) return [];
  return ['__GFP_NORETRY', '__GFP_RETRY_MAYFAIL'].flatMap((name) => {
    const bit = flags.bitsOf(name);
    const words = termsWith(site, flags, bit).filter((term) => isWritten(term) && termBits(term, flags) === bit);
    return words.map((term) => finding(site, term, `${name} has no effect: this mask does not reclaim, so nothing is retried`, context));
  });
}

/** __GFP_NOFAIL on an allocation whose result is then checked for NULL. */
function checkedNofail(facts: FunctionFacts, context: RuleContext): RuleFinding[] {
  const nofail = context.model.flags.bitsOf('__GFP_NOFAIL');
  // The uses of pointers are read only for the few functions that ask for such memory.
  if (!facts.calls.some((call) => (call.effectiveMask.set & nofail) !== 0)) return [];
  const judged = new Set<CallSite>();
  return facts.pointers.flatMap((pointer) =>
    checkedAllocations(pointer, context).flatMap(([call, check]) => {
      if (judged.has(call)) return [];
      judged.add(call);
      return nofailWithCheck(call, check, context);
    }),
  );
}

/** The allocations whose result, and nothing else, a NULL check looks at. */
function checkedAllocations(pointer: PointerFacts, context: RuleContext): [CallSite, PointerUse][] {
  const pairs: [CallSite, PointerUse][] = [];
  pointer.uses.forEach((use, index) => {
    const next = pointer.uses[index + 1];
    if (use.kind !== 'allocated' || !use.call || next?.kind !== 'null-check') return;
    const alone = pointer.local && !pointer.parameter && isOnlySource(pointer.uses.slice(0, index));
    if (!isIfCondition(next, context)) return;
    if (alone || isNextStatement(use.call, next, context)) pairs.push([use.call, next]);
  });
  return pairs;
}

/** The check decides an `if`: assertions and loops say nothing of an error path. */
function isIfCondition(check: PointerUse, { facts }: RuleContext): boolean {
  const before = sourceText(facts, { start: Math.max(0, check.range.start - LOOK_BACK), end: check.range.start });
  return /\bif\s*\([^;{}]*$/.test(before);
}

/** Nothing before gave the pointer a value that the check could be about. */
function isOnlySource(before: readonly PointerUse[]): boolean {
  return before.every((use) => use.kind === 'other' || use.kind === 'null-check');
}

/** `p = alloc(...); if (!p)`, the first of them not itself the body of an `if` or `else`. */
function isNextStatement(call: CallSite, check: PointerUse, { facts }: RuleContext): boolean {
  const between = sourceText(facts, { start: call.range.end, end: check.range.start }).replace(COMMENT, ' ');
  if (!/^\s*;\s*if\s*\([^;{}]*$/.test(between)) return false;
  const before = sourceText(facts, { start: Math.max(0, call.range.start - LOOK_BACK), end: call.range.start });
  const statement = /[;{}]([^;{}]*)$/.exec(before)?.[1];
  return statement !== undefined && !/\b(else|do)\b/.test(statement) && /^[\s\w*>.\-[\]&]+=\s*(\([\w\s*]+\)\s*)?$/.test(statement);
}

function nofailWithCheck(call: CallSite, check: PointerUse, context: RuleContext): RuleFinding[] {
  const { model, facts } = context;
  const { flags, behaviour } = model;
  const nofail = flags.bitsOf('__GFP_NOFAIL');
  const blocking = flags.bitsOf('__GFP_DIRECT_RECLAIM');
  const family = call.api?.allocates;
  if (nofail === 0 || !call.mask || family === undefined || !NOFAIL_FAMILIES.has(family)) return [];
  // Copies of a string that is NULL are NULL.
  if (/kstrn?dup/.test(call.callee)) return [];
  if ((family === 'kv' || family === 'vmalloc') && !behaviour.vmalloc.nofail) return [];
  if (hasAll(call.effectiveMask, nofail | blocking) !== true) return [];
  const word = termsWith(call.mask, flags, nofail).find((term) => termBits(term, flags) === nofail);
  return [
    {
      range: word?.range ?? call.mask.range,
      message: `__GFP_NOFAIL contradicts the NULL check: ${call.callee}() never gives up with it, so one of the two has to go`,
      certainty: 'definite',
      trace: [{ range: check.range, message: 'the result is checked here' }],
      // A transaction of a file system that cannot go on is lost: there it is the check that goes.
      fixes: word && !isFileSystem(facts.file.path) ? removeTermFix(facts, call.mask, word, 'unsafe') : [],
      call,
    },
  ];
}

export const redundantFlag: Rule = {
  id: 'redundant-flag',
  summary: 'a flag that the rest of the mask, the callee or the code around it makes superfluous',
  severity: 'hint',
  doc: `## What it finds

- a flag that another word of the mask contains: \`GFP_ATOMIC | __GFP_HIGH\`, \`GFP_KERNEL | GFP_USER\`;
- a flag that the callee sets itself: \`kzalloc(n, GFP_KERNEL | __GFP_ZERO)\`, \`dma_alloc_coherent(..., GFP_KERNEL | __GFP_ZERO)\`;
- \`__GFP_NORETRY\` and \`__GFP_RETRY_MAYFAIL\` in a mask that does not reclaim, where nothing is retried;
- \`__GFP_NOFAIL\` on an allocation whose result is checked for NULL right away.

## Why

A superfluous flag tells the reader that something special happens here, and nothing does. \`__GFP_NOFAIL\` with an error path is worse: it
makes the allocator loop for ever for a caller that could handle the failure.

## Example

\`\`\`c bad
#include <linux/slab.h>

struct timer {
	int rate;
};

int timer_register(int rate)
{
	struct timer *timer = kzalloc(sizeof(*timer), GFP_KERNEL | __GFP_NOFAIL);

	if (!timer)
		return -ENOMEM;
	timer->rate = rate;
	return timer_start(timer);
}
\`\`\`

## Instead

\`\`\`c good
#include <linux/slab.h>

struct timer {
	int rate;
};

int timer_register(int rate)
{
	struct timer *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return -ENOMEM;
	timer->rate = rate;
	return timer_start(timer);
}
\`\`\`

## When it stays silent

When a flag comes from a variable or a macro; when the pointer may hold something else than the result of this allocation. Base masks that contradict each
other are reported by conflicting-flags.

## References

- include/linux/gfp_types.h; mm/page_alloc.c: __alloc_pages_slowpath()
- kernel/dma/mapping.c: dma_alloc_attrs()
`,
  checkMask: impliedByTerms,
  checkCall: (call, context) => [...impliedByCallee(call, context), ...retryWithoutReclaim(call, context)],
  checkFunction: checkedNofail,
};
