import type { TextRange } from '../base/range';
import { DeclFlag, NodeKind } from './nodes';
import type { Tokens } from './tokens';

/**
 * A syntax tree as parallel arrays indexed by node number; 0 is "no node". Immutable once built. Children form a linked
 * list: `child` is the first, `next` the following sibling. See nodes.ts for what each kind holds.
 */
export interface Tree {
  readonly tokens: Tokens;
  readonly count: number;
  readonly kind: Uint8Array;
  /** The token that names the node. */
  readonly tok: Uint32Array;
  /** First token of the node. */
  readonly first: Uint32Array;
  /** Token behind the last one of the node. */
  readonly end: Uint32Array;
  readonly child: Uint32Array;
  readonly next: Uint32Array;
  readonly aux: Uint16Array;
}

export function kindOf(tree: Tree, node: number): NodeKind {
  return tree.kind[node]! as NodeKind;
}

/** The `index`-th child, or 0. */
export function childAt(tree: Tree, node: number, index: number): number {
  let child = tree.child[node]!;
  for (; index > 0 && child !== 0; index--) child = tree.next[child]!;
  return child;
}

export function lastChild(tree: Tree, node: number): number {
  let last = 0;
  for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) last = child;
  return last;
}

export function childrenOf(tree: Tree, node: number): number[] {
  const children: number[] = [];
  for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) children.push(child);
  return children;
}

/** Bytes from the first token of a node to its last one. An empty node (Omitted) has the empty range before its first token. */
export function rangeOf(tree: Tree, node: number): TextRange {
  const { tokens } = tree;
  const first = tree.first[node]!;
  const end = tree.end[node]!;
  const start = tokens.start[first]!;
  return { start, end: end > first ? tokens.end[end - 1]! : start };
}

export function tokenRange(tree: Tree, token: number): TextRange {
  return { start: tree.tokens.start[token]!, end: tree.tokens.end[token]! };
}

/** The node without the parentheses around it. */
export function unparen(tree: Tree, node: number): number {
  while (tree.kind[node] === NodeKind.Paren) node = tree.child[node]!;
  return node;
}

/** The node without parentheses and casts around it. */
export function stripCasts(tree: Tree, node: number): number {
  let inner = unparen(tree, node);
  while (kindOf(tree, inner) === NodeKind.Cast) inner = unparen(tree, tree.next[tree.child[inner]!]!);
  return inner;
}

/** Whether a function's definition says `static`. */
export function isStaticFunction(tree: Tree, functionNode: number): boolean {
  for (let child = tree.child[functionNode]!; child !== 0; child = tree.next[child]!)
    if (tree.kind[child] === NodeKind.Specifiers) return (tree.aux[child]! & DeclFlag.Static) !== 0;
  return false;
}
