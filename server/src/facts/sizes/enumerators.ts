import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../site';
import { CHOICE_BEGIN, CHOICE_END, CHOICE_END_OPEN, CHOICE_NEXT } from './definitionText';
import { ANY, interval } from './interval';

/** Values may be negative here: `enum { INVALID = -1, FIRST }`. Undefined: not known. */
type Next = { readonly min: number; readonly max: number } | undefined;

interface OpenChoice {
  readonly start: Next;
  readonly ends: Next[];
}

/**
 * The value of one enumerator of an enum. Enumerators count on from the one before them; where a choice stands between them (a `#if` of
 * unknown outcome), the value is a range. Negative and unknown values are any.
 */
export function enumeratorValue(
  tree: Tree,
  list: number,
  target: number,
  nameOf: (enumerator: number) => string,
  valueAt: (node: number) => SizeInterval,
): SizeInterval {
  let next: Next = { min: 0, max: 0 };
  const open: OpenChoice[] = [];
  for (let item = tree.child[list]!; item !== 0; item = tree.next[item]!) {
    if (tree.kind[item] !== NodeKind.Enumerator) continue;
    const choice = open.at(-1);
    switch (nameOf(item)) {
      case CHOICE_BEGIN:
        open.push({ start: next, ends: [] });
        continue;
      case CHOICE_NEXT:
        choice?.ends.push(next);
        next = choice?.start;
        continue;
      case CHOICE_END:
      case CHOICE_END_OPEN:
        open.pop();
        if (choice !== undefined) next = [...choice.ends, ...(nameOf(item) === CHOICE_END ? [] : [choice.start])].reduce(joined, next);
        continue;
    }
    if (tree.child[item] !== 0) next = explicitValue(tree, tree.child[item]!, valueAt);
    if (item === target) return next === undefined || next.min < 0 ? ANY : interval(next.min, next.max);
    next = next && { min: next.min + 1, max: next.max + 1 };
  }
  return ANY;
}

function explicitValue(tree: Tree, node: number, valueAt: (node: number) => SizeInterval): Next {
  const inner = unparen(tree, node);
  const negative = tree.kind[inner] === NodeKind.Unary && tree.tokens.kind[tree.tok[inner]!] === TokenKind.Minus;
  const { min, max } = valueAt(negative ? childAt(tree, inner, 0) : inner);
  if (max === undefined) return undefined;
  return negative ? { min: -max, max: -min } : { min, max };
}

function joined(a: Next, b: Next): Next {
  return a && b && union(a, b);
}

function union(a: NonNullable<Next>, b: NonNullable<Next>): Next {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
