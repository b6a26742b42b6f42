import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, lastChild, rangeOf, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { ANY, bitAnd, interval, remainder } from './interval';

/** What a guard search needs to know of the file. */
export interface GuardSource {
  readonly tree: Tree;
  /** Source text of a node without blanks. */
  text(node: number): string;
  tokenText(token: number): string;
  /** Value of an expression where it stands. */
  value(node: number): SizeInterval;
  /** The same for what a test compares with, where only the kind of the test matters. */
  limit?(node: number): SizeInterval;
}

/** The variable or member path that is asked about. */
interface Place {
  /** Its spelling without blanks. */
  readonly name: string;
  /** The last word of it: what does not hold that word says nothing of the place. */
  readonly word: number;
}

type Bound = number | undefined;

/**
 * What the code before `target` proves of the expression spelled `name`: tests that leave the function or the loop
 * (`if (len > MAX) return -EINVAL;`), tests around the target, clamps (`if (len > MAX) len = MAX;`) and the last plain
 * assignment, as far as they stand on the straight way up from the target. Calls are taken not to change a member path.
 */
export function guardedValue(source: GuardSource, functionNode: number, target: number, name: string): SizeInterval {
  const path = pathTo(source.tree, functionNode, target);
  const place: Place = { name, word: lastWord(source.tree, target) };
  let bound: Bound;
  const limited = (value: SizeInterval): SizeInterval => ({ min: Math.min(value.min, bound ?? value.min), max: least(value.max, bound) });
  for (let level = path.length - 1; level > 0; level--) {
    const [parent, child] = [path[level - 1]!, path[level]!];
    bound = least(bound, boundByParent(source, parent, child, name));
    if (isLoop(source.tree, parent) && writes(source, parent, place)) return limited(ANY);
    // Control can come from elsewhere: to a label from any goto, to a case from the switch.
    if (source.tree.kind[parent] === NodeKind.Label) return limited(ANY);
    if (source.tree.kind[parent] !== NodeKind.Block) continue;
    if (isCase(source.tree, child)) {
      if (writes(source, parent, place)) return limited(ANY);
      continue;
    }
    const before = beforeStatement(source, parent, child, place);
    if (before.value !== undefined) return limited(before.value);
    bound = least(bound, before.bound);
    if (before.stop) return limited(ANY);
  }
  return limited(ANY);
}

interface Before {
  /** Decides the value: nothing further up matters. */
  readonly value?: SizeInterval;
  readonly bound: Bound;
  readonly stop: boolean;
}

/** Reads the statements of a block from `statement` upwards. */
function beforeStatement(source: GuardSource, block: number, statement: number, place: Place): Before {
  const { tree } = source;
  const { name } = place;
  const earlier: number[] = [];
  for (let node = tree.child[block]!; node !== 0 && node !== statement; node = tree.next[node]!) earlier.push(node);
  let bound: Bound;
  for (const node of earlier.reverse()) {
    const kind = tree.kind[node];
    if (kind === NodeKind.Label) return { bound, stop: true };
    // Above a case label stands code of another case; the switch itself is looked at one level up.
    if (isCase(tree, node)) return { bound, stop: writes(source, block, place) };
    if (!holdsWord(tree, node, place.word)) continue;
    if (kind === NodeKind.If) bound = least(bound, boundAfterIf(source, node, name));
    else if (kind === NodeKind.ExprStatement) bound = least(bound, boundAfterAssertion(source, node, name));
    if (!writes(source, node, place)) continue;
    const clamp = kind === NodeKind.If ? clampValue(source, node, name) : undefined;
    const value = clamp ?? assignedValue(source, node, name);
    return value === undefined ? { bound, stop: true } : { value: { min: value.min, max: least(value.max, bound) }, bound, stop: true };
  }
  return { bound, stop: false };
}

/** Nodes from the function down to the one that holds the target. */
function pathTo(tree: Tree, functionNode: number, target: number): number[] {
  const path = [functionNode];
  const at = tree.first[target]!;
  for (let node = functionNode; node !== target && node !== 0; ) {
    let inside = 0;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) {
      if (tree.first[child]! <= at && at < tree.end[child]!) inside = child;
    }
    if (inside !== 0) path.push(inside);
    node = inside;
  }
  return path;
}

function isCase(tree: Tree, node: number): boolean {
  return tree.kind[node] === NodeKind.Case || tree.kind[node] === NodeKind.Default;
}

export function isLoop(tree: Tree, node: number): boolean {
  const kind = tree.kind[node];
  return kind === NodeKind.While || kind === NodeKind.DoWhile || kind === NodeKind.For || kind === NodeKind.ForEach;
}

function boundByParent(source: GuardSource, parent: number, child: number, name: string): Bound {
  const { tree } = source;
  const [first, second, third] = childrenOf(tree, parent);
  switch (tree.kind[parent]) {
    case NodeKind.If:
    case NodeKind.Conditional:
      if (child === second) return boundIf(source, first!, name, true);
      return child === third ? boundIf(source, first!, name, false) : undefined;
    case NodeKind.While:
      return child === second ? boundIf(source, first!, name, true) : undefined;
    case NodeKind.Logical: {
      const conjunction = tree.tokens.kind[tree.tok[parent]!] === TokenKind.AmpAmp;
      return child === second ? boundIf(source, first!, name, conjunction) : undefined;
    }
    default:
      return undefined;
  }
}

/** `BUG_ON(n > MAX);` stops what breaks the bound. */
function boundAfterAssertion(source: GuardSource, statement: number, name: string): Bound {
  const { tree } = source;
  const call = unparen(tree, tree.child[statement]!);
  const [callee, condition] = tree.kind[call] === NodeKind.Call ? childrenOf(tree, call) : [];
  if (callee === undefined || condition === undefined || tree.kind[callee] !== NodeKind.Identifier) return undefined;
  return source.tokenText(tree.tok[callee]!) === 'BUG_ON' ? boundIf(source, condition, name, false) : undefined;
}

/** `if (n > MAX) return …;` bounds what follows. */
function boundAfterIf(source: GuardSource, node: number, name: string): Bound {
  const [condition, then, otherwise] = childrenOf(source.tree, node);
  if (condition === undefined || then === undefined) return undefined;
  if (leaves(source.tree, then)) {
    // `if (!n) return …; else if (n > MAX) return …;`
    const further =
      otherwise !== undefined && source.tree.kind[otherwise] === NodeKind.If ? boundAfterIf(source, otherwise, name) : undefined;
    return least(boundIf(source, condition, name, false), further);
  }
  return otherwise !== undefined && leaves(source.tree, otherwise) ? boundIf(source, condition, name, true) : undefined;
}

function leaves(tree: Tree, statement: number): boolean {
  const kind = tree.kind[statement];
  if (kind === NodeKind.Block) return lastChild(tree, statement) !== 0 && leaves(tree, lastChild(tree, statement));
  return kind === NodeKind.Return || kind === NodeKind.Goto || kind === NodeKind.Break || kind === NodeKind.Continue;
}

/** The largest value of `name` when a condition is known to be true or false. */
function boundIf(source: GuardSource, condition: number, name: string, truth: boolean): Bound {
  const { tree } = source;
  const node = unparen(tree, condition);
  switch (tree.kind[node]) {
    case NodeKind.Call: {
      const callee = source.text(childAt(tree, node, 0));
      const transparent = callee === 'likely' || callee === 'unlikely' || callee.startsWith('WARN_ON');
      return transparent ? boundIf(source, childAt(tree, node, 1), name, truth) : undefined;
    }
    case NodeKind.Unary:
      return tree.tokens.kind[tree.tok[node]!] === TokenKind.Not ? boundIf(source, tree.child[node]!, name, !truth) : undefined;
    case NodeKind.Logical: {
      // A true `a && b` has both true, a false `a || b` both false; otherwise either may decide.
      const both = (tree.tokens.kind[tree.tok[node]!] === TokenKind.AmpAmp) === truth;
      if (!both) return undefined;
      const [left, right] = childrenOf(tree, node);
      return least(boundIf(source, left!, name, truth), boundIf(source, right!, name, truth));
    }
    case NodeKind.Binary:
      return comparisonBound(source, node, name, truth);
    default:
      return undefined;
  }
}

function comparisonBound(source: GuardSource, node: number, name: string, truth: boolean): Bound {
  const { tree } = source;
  const [left, right] = childrenOf(tree, node);
  const operator = tree.tokens.kind[tree.tok[node]!]! as TokenKind;
  if (source.text(unparen(tree, left!)) === name) return limitOf(source, operator, right!, truth);
  if (source.text(unparen(tree, right!)) === name) return limitOf(source, MIRRORED.get(operator) ?? operator, left!, truth);
  return undefined;
}

const MIRRORED: ReadonlyMap<TokenKind, TokenKind> = new Map([
  [TokenKind.Less, TokenKind.Greater],
  [TokenKind.Greater, TokenKind.Less],
  [TokenKind.LessEqual, TokenKind.GreaterEqual],
  [TokenKind.GreaterEqual, TokenKind.LessEqual],
]);

function limitOf(source: GuardSource, operator: TokenKind, limit: number, truth: boolean): Bound {
  const strict = truth ? operator === TokenKind.Less : operator === TokenKind.GreaterEqual;
  const equal = operator === (truth ? TokenKind.Equal : TokenKind.NotEqual);
  // What equals something unknown is not held below it.
  const inclusive = equal ? source.limit === undefined : operator === (truth ? TokenKind.LessEqual : TokenKind.Greater);
  if (!strict && !inclusive) return undefined;
  const { max } = source.limit?.(limit) ?? source.value(limit);
  return max === undefined ? undefined : Math.max(strict ? max - 1 : max, 0);
}

/** `if (n > MAX) n = MAX;` leaves a value that is at most the larger of the two. */
function clampValue(source: GuardSource, node: number, name: string): SizeInterval | undefined {
  const [condition, then, otherwise] = childrenOf(source.tree, node);
  if (condition === undefined || then === undefined || otherwise !== undefined) return undefined;
  const bound = boundIf(source, condition, name, false);
  const value = assignedValue(source, onlyStatement(source.tree, then), name);
  return bound === undefined || value?.max === undefined ? undefined : interval(0, Math.max(bound, value.max));
}

function onlyStatement(tree: Tree, statement: number): number {
  const first = tree.child[statement]!;
  return tree.kind[statement] === NodeKind.Block && first !== 0 && tree.next[first] === 0 ? first : statement;
}

/** The value that a statement leaves when it is `name = value;`, `name &= mask;` or `name %= count;`, or declares `name` with a value. */
function assignedValue(source: GuardSource, statement: number, name: string): SizeInterval | undefined {
  const { tree } = source;
  if (tree.kind[statement] === NodeKind.Declaration) {
    for (const declarator of childrenOf(tree, statement)) {
      if (tree.kind[declarator] !== NodeKind.Declarator || !declares(source, declarator, name)) continue;
      const initializer = childrenOf(tree, declarator).find((part) => tree.kind[part] === NodeKind.Initializer);
      return initializer === undefined ? undefined : source.value(tree.child[initializer]!);
    }
    return undefined;
  }
  if (tree.kind[statement] !== NodeKind.ExprStatement) return undefined;
  const assign = unparen(tree, tree.child[statement]!);
  if (tree.kind[assign] !== NodeKind.Assign || source.text(tree.child[assign]!) !== name) return undefined;
  const operand = childAt(tree, assign, 1);
  switch (tree.tokens.kind[tree.tok[assign]!]) {
    case TokenKind.Assign:
      return source.value(operand);
    case TokenKind.AmpAssign:
      return bitAnd(ANY, source.value(operand));
    case TokenKind.PercentAssign:
      return remainder(ANY, source.value(operand));
    default:
      return undefined;
  }
}

function declares(source: GuardSource, declarator: number, name: string): boolean {
  const token = source.tree.tok[declarator]!;
  return token !== 0 && source.tokenText(token) === name;
}

/** Whether a subtree may write to the variable or member path. */
function writes(source: GuardSource, node: number, { name, word }: Place): boolean {
  const { tree } = source;
  if (!holdsWord(tree, node, word)) return false;
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (writesHere(source, at, name)) return true;
    for (let child = tree.child[at]!; child !== 0; child = tree.next[child]!) stack.push(child);
  }
  return false;
}

function holdsWord(tree: Tree, node: number, word: number): boolean {
  const { symbol } = tree.tokens;
  for (let token = tree.first[node]!; token < tree.end[node]!; token++) if (symbol[token] === word) return true;
  return false;
}

/** The last identifier of an expression; 0 when there is none. */
function lastWord(tree: Tree, node: number): number {
  const { symbol } = tree.tokens;
  for (let token = tree.end[node]! - 1; token >= tree.first[node]!; token--) if (symbol[token] !== 0) return symbol[token]!;
  return 0;
}

function writesHere(source: GuardSource, node: number, name: string): boolean {
  const { tree } = source;
  const operand = tree.child[node]!;
  switch (tree.kind[node]) {
    case NodeKind.Assign:
    case NodeKind.Postfix:
      return sameText(source, operand, name);
    case NodeKind.Unary: {
      const operator = tree.tokens.kind[tree.tok[node]!];
      const changes = operator === TokenKind.Amp || operator === TokenKind.PlusPlus || operator === TokenKind.MinusMinus;
      return changes && sameText(source, operand, name);
    }
    case NodeKind.Declarator:
      return declares(source, node, name);
    case NodeKind.Call:
      return (
        /get_user|for_each|do_div/.test(source.text(operand)) && childrenOf(tree, node).some((argument) => sameText(source, argument, name))
      );
    default:
      return false;
  }
}

function sameText(source: GuardSource, node: number, name: string): boolean {
  const range = rangeOf(source.tree, node);
  return range.end - range.start >= name.length && source.text(unparen(source.tree, node)) === name;
}

function least(a: Bound, b: Bound): Bound {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}
