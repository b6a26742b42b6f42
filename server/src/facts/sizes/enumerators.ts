import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
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
  // Only the last value that is spelled out counts: evaluating all of them would go through all enumerators they name.
  let last = 0;
  let steps = 0;
  let base: Next = { min: 0, max: 0 };
  const current = (): Next => {
    const value = last === 0 ? base : explicitValue(tree, last, valueAt);
    return value && { min: value.min + steps, max: value.max + steps };
  };
  const goOnFrom = (value: Next): void => {
    base = value;
    last = 0;
    steps = 0;
  };
  const open: OpenChoice[] = [];
  for (let item = tree.child[list]!; item !== 0; item = tree.next[item]!) {
    if (tree.kind[item] !== NodeKind.Enumerator) continue;
    const choice = open.at(-1);
    const name = nameOf(item);
    switch (name) {
      case CHOICE_BEGIN:
        open.push({ start: current(), ends: [] });
        continue;
      case CHOICE_NEXT:
        choice?.ends.push(current());
        goOnFrom(choice?.start);
        continue;
      case CHOICE_END:
      case CHOICE_END_OPEN:
        open.pop();
        if (choice !== undefined) goOnFrom([...choice.ends, ...(name === CHOICE_END ? [] : [choice.start])].reduce(joined, current()));
        continue;
    }
    if (tree.child[item] !== 0) {
      last = tree.child[item]!;
      steps = 0;
    }
    if (item === target) {
      const value = current();
      return value === undefined || value.min < 0 ? ANY : interval(value.min, value.max);
    }
    steps++;
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
