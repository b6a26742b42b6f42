import type { FileMemory } from '../facts/memory';
import type { SizeInterval } from '../facts/site';
import { declarationsOf, isCompileTimeConstant, termsOf, type ValueEnvironment } from '../facts/sizes';
import { NodeKind } from '../syntax/nodes';
import { TokenKind } from '../syntax/tokens';
import { childAt, childrenOf, lastChild, unparen } from '../syntax/tree';

/** No object is larger: bounds the size of types that are not in sight. */
const LARGEST_OBJECT = 2 ** 20;
/** Words that a bitmap of 2^32 bits has at most: fewer than bytes fit into size_t. */
const MOST_WORDS = 2 ** 26;

/**
 * The largest value of a factor of a size: what its type and the tests before it leave, what every call of a static function passes for its
 * parameter, or what a file stores in a member of a struct that it alone knows.
 */
export function largestValue(memory: FileMemory, factor: number): number {
  const { tree, evaluator } = memory;
  const { max } = evaluator.evaluate(tree, factor).interval;
  if (max !== undefined) return max;
  if (/^BITS_TO_(LONGS|U64|U32|BYTES)\(/.test(memory.text(factor))) return MOST_WORDS;
  if (isCompileTimeConstant(tree, factor, (token) => memory.tokenText(token))) return LARGEST_OBJECT;
  return evaluator.evaluate(tree, factor, passedAround(memory, factor)).interval.max ?? largestStored(memory, factor);
}

/** What the calls of the static function around a node pass for its parameters, when they are the only ones. */
function passedAround(memory: FileMemory, node: number): ValueEnvironment {
  const owner = memory.functionNodeAt(node);
  const name = memory.functionAt(node);
  if (owner === 0 || !memory.isStaticFunction(owner) || memory.isHandedOut(name)) return () => undefined;
  return (parameter) => {
    const position = memory.parameterIndex(node, parameter);
    if (position === undefined || memory.isAssigned(owner, memory.file.interner.find(parameter))) return undefined;
    const passed = [...memory.callsOf(name)].map((args) => args[position] ?? 0);
    return passed.includes(0) ? undefined : largestOf(memory, passed);
  };
}

/** The largest value that a file stores in a member of a struct that only it defines. */
function largestStored(memory: FileMemory, factor: number): number {
  const { tree, file } = memory;
  const place = unparen(tree, factor);
  const key = isMember(tree.kind[place]!) && file.path.endsWith('.c') ? memory.memberKey(place) : undefined;
  const [tag, member, ...deeper] = key?.split('.') ?? [];
  if (tag === undefined || member === undefined || deeper.length > 0 || !isDefinedHere(memory, tag)) return Number.POSITIVE_INFINITY;
  const stored = memory.named(file.interner.find(member)).flatMap((node) => storedAt(memory, node, key!));
  const unseen = stored.includes(0) || memory.macroUsing(member) !== undefined;
  return (unseen ? undefined : largestOf(memory, stored)?.max) ?? Number.POSITIVE_INFINITY;
}

function isDefinedHere(memory: FileMemory, tag: string): boolean {
  const symbol = memory.file.interner.find(tag.slice(tag.indexOf(' ') + 1));
  return tag.startsWith('struct ') && declarationsOf(memory.file).records.get(symbol)?.length === 1;
}

/** The value that a member gets where it is named: none where it is read or belongs to another struct, 0 for one that is not known. */
function storedAt(memory: FileMemory, node: number, key: string): readonly number[] {
  const { tree, parents } = memory;
  const parent = parents[node]!;
  if (tree.kind[node] === NodeKind.FieldDesignator) return [lastChild(tree, parent)];
  if (!isMember(tree.kind[node]!) || (memory.memberKey(node) ?? key) !== key) return [];
  const operator = tree.tokens.kind[tree.tok[parent]!];
  switch (tree.kind[parent]) {
    case NodeKind.Assign:
      if (tree.child[parent] !== node) return [];
      return [operator === TokenKind.Assign && memory.memberKey(node) === key ? childAt(tree, parent, 1) : 0];
    case NodeKind.Postfix:
      return [0];
    case NodeKind.Unary:
      return operator === TokenKind.Amp || operator === TokenKind.PlusPlus || operator === TokenKind.MinusMinus ? [0] : [];
    default:
      return [];
  }
}

function isMember(kind: number): boolean {
  return kind === NodeKind.Member || kind === NodeKind.Arrow;
}

/** From 0 to the largest of some values; undefined when there are none or one is not bounded. */
function largestOf(memory: FileMemory, values: readonly number[]): SizeInterval | undefined {
  let max = 0;
  for (const value of values) {
    const largest = memory.evaluator.evaluate(memory.tree, value).interval.max;
    if (largest === undefined) return undefined;
    max = Math.max(max, largest);
  }
  return values.length === 0 ? undefined : { min: 0, max };
}

/** `UINT_MAX / sizeof(x)`: a limit that says how many fit. */
const QUOTIENT = /(?:MAX|~0U?L*|-1)\)*[^/]*\/[^/*]/;

/** Whether a test before a count, or a term of it, asks how many fit. */
export function isHeldByQuotient(memory: FileMemory, count: number): boolean {
  return namedTerms(memory, count).some((term) => memory.evaluator.isHeldBelow(term, (limit) => QUOTIENT.test(limit)));
}

/** Whether tests hold some of the counts below limits that are not known, or ask elsewhere in the file how many fit, and the others are bounded. */
export function areTested(memory: FileMemory, counts: readonly number[]): boolean {
  const unbounded = counts.filter((count) => largestValue(memory, count) === Number.POSITIVE_INFINITY);
  return unbounded.length > 0 && unbounded.every((count) => isTested(memory, count));
}

function isTested(memory: FileMemory, count: number): boolean {
  // What a test of a plain number or of a constant proves is known already.
  if (memory.evaluator.isHeldBelow(count, (limit) => limit === '' || /[a-z]/.test(limit))) return true;
  return namedTerms(memory, count).some((term) => isComparedElsewhere(memory, term));
}

function namedTerms(memory: FileMemory, count: number): readonly number[] {
  const { kind } = memory.tree;
  return termsOf(memory.tree, count).filter((term) => kind[term] === NodeKind.Identifier || isMember(kind[term]!));
}

function isComparedElsewhere(memory: FileMemory, member: number): boolean {
  const { tree, parents } = memory;
  if (!isMember(tree.kind[member]!)) return false;
  return memory.named(tree.tokens.symbol[tree.tok[member]!]!).some((node) => {
    let at = node;
    let parent = parents[at]!;
    while (tree.kind[parent] === NodeKind.Paren || tree.kind[parent] === NodeKind.Cast) [at, parent] = [parent, parents[parent]!];
    if (tree.kind[parent] !== NodeKind.Binary || !COMPARISONS.has(tree.tokens.kind[tree.tok[parent]!]!)) return false;
    return childrenOf(tree, parent).some((side) => side !== at && QUOTIENT.test(memory.text(side)));
  });
}

const COMPARISONS: ReadonlySet<number> = new Set([TokenKind.Less, TokenKind.LessEqual, TokenKind.Greater, TokenKind.GreaterEqual]);
