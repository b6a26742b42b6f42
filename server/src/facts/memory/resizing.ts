import type { TextRange } from '../../base/range';
import { wordAtEnd } from '../../base/words';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, rangeOf, type Tree, unparen } from '../../syntax/tree';
import type { CallSite } from '../site';
import { declarationsOf } from '../sizes/declarations';
import type { FileMemory } from './fileMemory';

/** `p = krealloc(p, …); if (!p) return …;` with all that a temporary for its result has to touch. */
export interface Resizing {
  /** The assigned place. */
  readonly target: TextRange;
  /** The place in the condition of the NULL check. */
  readonly tested: TextRange;
  /** The NULL check; behind it the place gets its new value. */
  readonly check: TextRange;
  /** Where the innermost block's declarations end: behind the last one, or behind the opening brace. */
  readonly declareAt: number;
  /** The block starts with declarations. */
  readonly hasDeclarations: boolean;
  /** Name for the temporary that nothing in the function has. */
  readonly name: string;
}

/** The plain form of a resizing call with its NULL check right behind it; undefined for any other. */
export function plainResizing(memory: FileMemory, call: CallSite): Resizing | undefined {
  const { tree, parents } = memory;
  const assign = parents[call.node]!;
  const statement = parents[assign]!;
  const block = parents[statement]!;
  if (tree.kind[assign] !== NodeKind.Assign || tree.kind[statement] !== NodeKind.ExprStatement || tree.kind[block] !== NodeKind.Block)
    return undefined;
  const target = tree.child[assign]!;
  const check = tree.next[statement]!;
  const tested = check === 0 ? 0 : testedPlace(tree, check);
  if (tested === 0 || memory.text(tested) !== memory.text(target)) return undefined;
  const declarations = leadingDeclarations(tree, block);
  const last = declarations.at(-1);
  return {
    target: rangeOf(tree, target),
    tested: rangeOf(tree, tested),
    check: rangeOf(tree, check),
    declareAt: last === undefined ? rangeOf(tree, block).start + 1 : rangeOf(tree, last).end,
    hasDeclarations: last !== undefined,
    name: freeName(memory, call, memory.text(target)),
  };
}

/** What `if (!place) { … leave }` tests, when that is all it does; else 0. */
function testedPlace(tree: Tree, statement: number): number {
  const [condition, then, otherwise] = tree.kind[statement] === NodeKind.If ? childrenOf(tree, statement) : [];
  if (condition === undefined || then === undefined || otherwise !== undefined || !leaves(tree, then)) return 0;
  const test = unparen(tree, condition);
  const isNot = tree.kind[test] === NodeKind.Unary && tree.tokens.kind[tree.tok[test]!] === TokenKind.Not;
  return isNot ? unparen(tree, tree.child[test]!) : 0;
}

function leaves(tree: Tree, statement: number): boolean {
  const kind = tree.kind[statement];
  if (kind !== NodeKind.Block) return kind === NodeKind.Return || kind === NodeKind.Goto;
  const last = childrenOf(tree, statement).at(-1);
  return last !== undefined && leaves(tree, last);
}

function leadingDeclarations(tree: Tree, block: number): number[] {
  const found: number[] = [];
  for (let node = tree.child[block]!; tree.kind[node] === NodeKind.Declaration; node = tree.next[node]!) found.push(node);
  return found;
}

/** `new_text` for `log->text`. */
function freeName(memory: FileMemory, call: CallSite, place: string): string {
  const base = `new_${wordAtEnd(place) ?? 'memory'}`;
  const declarations = declarationsOf(memory.sourceFile);
  const { interner } = memory.sourceFile;
  const taken = new Set(declarations.locals(memory.functionNodeAt(call.node)).map(({ symbol }) => interner.text(symbol)));
  let name = base;
  while (taken.has(name) || declarations.globals.has(interner.find(name))) name += '_';
  return name;
}
