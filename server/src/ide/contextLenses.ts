import type { TextRange } from '../base/range';
import type { FileFacts } from '../facts/site';
import type { FunctionContext } from '../program/link/functionContexts';
import type { FunctionLens } from './functionLens';
import type { MaskHint } from './maskHints';

/** A line above each function in which sleeping may be forbidden: in which context it may run, and called from where. */
export function contextLenses(facts: FileFacts, contexts: readonly FunctionContext[]): readonly FunctionLens[] {
  return namedIn(facts, contexts).map(({ range, context }) => ({ range, title: `may run ${wordsOf(context)}`, mask: undefined }));
}

/** The same behind the line with the function's name, in short. */
export function contextHints(facts: FileFacts, contexts: readonly FunctionContext[], range: TextRange): readonly MaskHint[] {
  const { lines } = facts.file;
  return namedIn(facts, contexts).flatMap(({ range: name, context }) => {
    const at = lines.lineEnd(lines.lineOf(name.end));
    const isAsked = range.start <= at && at <= range.end;
    return isAsked ? [{ at, label: `may run ${context.context}`, tooltip: `${context.name}() may run ${wordsOf(context)}` }] : [];
  });
}

/** The contexts with the places of the functions' names: those stay right while someone types. */
function namedIn({ file }: FileFacts, contexts: readonly FunctionContext[]): readonly { range: TextRange; context: FunctionContext }[] {
  const byName = new Map(contexts.map((context) => [context.name, context]));
  const seen = new Set<number>();
  const { tree } = file;
  return file.functions.flatMap(({ name, node }) => {
    const context = byName.get(name);
    if (context === undefined) return [];
    const token = tree.tok[node]!;
    const range = { start: tree.tokens.start[token]!, end: tree.tokens.end[token]! };
    // A function with #else in it is read more than once.
    if (seen.has(range.start)) return [];
    seen.add(range.start);
    return [{ range, context }];
  });
}

function wordsOf({ context, from, more }: FunctionContext): string {
  const others = more === 0 ? '' : ` and ${more} other ${more === 1 ? 'context' : 'contexts'}`;
  return `${context}${others}${from === '' ? '' : `: called from ${from}`}`;
}
