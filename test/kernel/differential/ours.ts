import { Interner } from '../../../server/src/base/interner';
import { NodeKind } from '../../../server/src/syntax/nodes';
import { parseFile } from '../../../server/src/syntax/parseFile';
import type { SourceFile } from '../../../server/src/syntax/sourceFile';
import { childAt, childrenOf, lastChild, rangeOf } from '../../../server/src/syntax/tree';
import { callText, type FunctionCalls, isPerhapsCast } from './functionCalls';

const interner = new Interner();

/** The functions of the first reading; argument texts are taken from `text`, which may be a rewritten form of the same length. */
export function ourFunctions(path: string, bytes: Uint8Array, text: string): readonly FunctionCalls[] {
  const file = parseFile(path, bytes, { interner });
  const found: FunctionCalls[] = [];
  for (const { node, name, view } of file.functions) {
    if (view !== 0) continue;
    const block = lastChild(file.tree, node);
    const body = rangeOf(file.tree, block);
    const calls: string[] = [];
    collectCalls(file, block, text, calls);
    const broken = file.damage.some((damage) => damage.range.start >= body.start && damage.range.start < body.end);
    found.push({ name, body: body.start, end: body.end, calls: calls.sort(byOffset), broken });
  }
  return found;
}

export function byOffset(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.length - b.length;
}

function collectCalls(file: SourceFile, node: number, text: string, calls: string[]): void {
  const { tree } = file;
  const kind = tree.kind[node];
  if (kind === NodeKind.Attribute || kind === NodeKind.TypeofSpec) return;
  if (kind === NodeKind.Call) {
    const range = (child: number): string => {
      const { start, end } = rangeOf(tree, child);
      return text.slice(start, end);
    };
    const callee = childAt(tree, node, 0);
    const callArguments = childrenOf(tree, node).slice(1).map(range);
    if (range(callee) !== '_Generic' && !isPerhapsCast(range(callee)))
      calls.push(callText(rangeOf(tree, node).start, range(callee), callArguments));
  }
  const governed = kind === NodeKind.ForEach || kind === NodeKind.ScopedGuard;
  for (const [index, child] of childrenOf(tree, node).entries()) {
    // The iterator's own call is a `while` in the rewritten text: only what its arguments hold counts.
    if (governed && index === 0) for (const argument of childrenOf(tree, child).slice(1)) collectCalls(file, argument, text, calls);
    else collectCalls(file, child, text, calls);
  }
}
