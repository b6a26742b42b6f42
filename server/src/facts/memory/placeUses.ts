import type { TextRange } from '../../base/range';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, rangeOf, stripCasts, type Tree } from '../../syntax/tree';
import type { CallSite } from '../site';

/** What happens to the pointer in a variable or struct member at one place of the text. */
export type PlaceUseKind =
  | 'allocated'
  | 'freed'
  | 'assigned'
  | 'checked'
  | 'dereferenced'
  | 'element-address'
  | 'argument'
  | 'copied'
  | 'returned'
  | 'address-taken'
  | 'sized'
  | 'other';

export interface PlaceUse {
  readonly kind: PlaceUseKind;
  readonly range: TextRange;
  /** The node that names the place. */
  readonly node: number;
  /** The function it stands in. */
  readonly functionName: string;
  /** For allocated and freed: the call; none for a free at the end of a scope. */
  readonly call?: CallSite;
  /** Freed by `__free(name)` of the declaration; `callee` is the name, `range` its place. */
  readonly cleanup?: true;
  /** For assigned: the value's node. For copied and element-address: the node it is copied to (0 for an initialiser). */
  readonly other?: number;
  /** For assigned: the value is NULL. */
  readonly nullValue?: boolean;
  /** For arguments: the callee's spelling and the position. For an address: the callee it is passed to, if it is. For checked: `IS_ERR` and its like. */
  readonly callee?: string;
  readonly position?: number;
}

/** What the classification needs to know of the file. */
export interface UseSource {
  readonly tree: Tree;
  readonly parents: Uint32Array;
  call(node: number): CallSite | undefined;
  text(node: number): string;
  functionAt(node: number): string;
  /** Whether an expression is an array, and so an address when it is passed on; undefined when its type is unknown. */
  isArray(node: number): boolean | undefined;
}

/** Calls that only test their argument. */
const CHECKING = new Set([
  'IS_ERR',
  'IS_ERR_OR_NULL',
  'IS_ERR_VALUE',
  'PTR_ERR',
  'PTR_ERR_OR_ZERO',
  'ERR_CAST',
  'likely',
  'unlikely',
  'WARN_ON',
  'WARN_ON_ONCE',
  'BUG_ON',
  'WARN',
  'WARN_ONCE',
  'ZERO_OR_NULL_PTR',
]);

/** Tells what is done with the place that `node` names. */
export function classifyUse(source: UseSource, node: number): PlaceUse {
  const { tree, parents } = source;
  const use = (kind: PlaceUseKind, more: Partial<PlaceUse> = {}): PlaceUse => ({
    kind,
    range: rangeOf(tree, node),
    node,
    functionName: source.functionAt(node),
    ...more,
  });
  let at = node;
  let parent = parents[at]!;
  while (tree.kind[parent] === NodeKind.Paren || tree.kind[parent] === NodeKind.Cast) {
    at = parent;
    parent = parents[at]!;
  }
  const first = tree.child[parent] === at;
  switch (tree.kind[parent]) {
    case NodeKind.Assign: {
      if (!first) return use('copied', { other: tree.child[parent]! });
      if (tree.tokens.kind[tree.tok[parent]!] !== TokenKind.Assign) return use('other');
      return assignedUse(source, use, tree.next[at]!);
    }
    case NodeKind.Initializer:
      return use('copied', { other: 0 });
    case NodeKind.Call:
      return first ? use('dereferenced') : argumentUse(source, use, parent, at);
    case NodeKind.Arrow:
    case NodeKind.Index:
      return first ? elementUse(source, use, parent) : use('other');
    case NodeKind.Member:
      return use('other');
    case NodeKind.Unary:
      return unaryUse(source, use, parent);
    case NodeKind.Binary:
      return binaryUse(source, use, parent);
    case NodeKind.Logical:
    case NodeKind.If:
    case NodeKind.While:
    case NodeKind.DoWhile:
    case NodeKind.For:
      return use('checked');
    case NodeKind.Conditional:
      return use(first ? 'checked' : 'copied', first ? {} : { other: 0 });
    case NodeKind.Return:
      return use('returned');
    case NodeKind.InitList:
    case NodeKind.Designated:
      return use('copied', { other: 0 });
    case NodeKind.SizeofExpr:
      return use('sized');
    default:
      return use('other');
  }
}

type MakeUse = (kind: PlaceUseKind, more?: Partial<PlaceUse>) => PlaceUse;

/** The place is the target of an assignment or declaration with this value. */
export function assignedUse(source: UseSource, use: MakeUse, value: number): PlaceUse {
  const inner = stripCasts(source.tree, value);
  const call = source.call(inner);
  if (call?.api?.allocates !== undefined) return use('allocated', { call, other: inner });
  return use('assigned', { other: inner, nullValue: /^(NULL|0)$/.test(source.text(inner)) });
}

function argumentUse(source: UseSource, use: MakeUse, call: number, argument: number): PlaceUse {
  const [callee, ...args] = childrenOf(source.tree, call);
  const name = source.text(callee!);
  const position = args.indexOf(argument);
  if (CHECKING.has(name)) return use('checked', { callee: name });
  const site = source.call(call);
  if (site?.api?.frees?.arg === position) return use('freed', { call: site, callee: name, position });
  return use('argument', { callee: name, position });
}

/** `&p[i]` and `&p->member` hand on an address inside the memory; `p[i]` and `p->member` only read or write it. */
function elementUse(source: UseSource, use: MakeUse, element: number): PlaceUse {
  const { tree, parents } = source;
  let at = element;
  let parent = parents[at]!;
  while (
    tree.kind[parent] === NodeKind.Member ||
    tree.kind[parent] === NodeKind.Paren ||
    (tree.kind[parent] === NodeKind.Index && tree.child[parent] === at)
  ) {
    at = parent;
    parent = parents[at]!;
  }
  const address = tree.kind[parent] === NodeKind.Unary && tree.tokens.kind[tree.tok[parent]!] === TokenKind.Amp;
  if (!address && !decays(source, at)) return use('dereferenced');
  return use('element-address', receiver(source, address ? parent : at));
}

/** The call that an address is passed to, or the place it is stored in. */
function receiver(source: UseSource, passed: number): Partial<PlaceUse> {
  const { tree, parents } = source;
  let at = passed;
  while (tree.kind[parents[at]!] === NodeKind.Paren || tree.kind[parents[at]!] === NodeKind.Cast) at = parents[at]!;
  const call = parents[at]!;
  if (tree.kind[call] === NodeKind.Assign && tree.child[call] !== at) return { other: tree.child[call]! };
  if (tree.kind[call] === NodeKind.Initializer) return { other: parents[call]! };
  if (tree.kind[call] !== NodeKind.Call || tree.child[call] === at) return {};
  const [callee, ...args] = childrenOf(tree, call);
  return { callee: source.text(callee!), position: args.indexOf(at) };
}

/** `f(p->name)` and `return p->name` hand on an address when `name` is an array. */
function decays(source: UseSource, element: number): boolean {
  const { tree, parents } = source;
  let at = element;
  while (tree.kind[parents[at]!] === NodeKind.Paren || tree.kind[parents[at]!] === NodeKind.Cast) at = parents[at]!;
  const parent = parents[at]!;
  const kind = tree.kind[parent]!;
  const stored = kind === NodeKind.Call || kind === NodeKind.Initializer || (kind === NodeKind.Assign && tree.child[parent] !== at);
  if (!stored && !VALUE_OF.has(kind)) return false;
  const array = source.isArray(element);
  // A number of unknown type is returned and computed with more often than an array is.
  return array ?? (stored && tree.kind[element] !== NodeKind.Index);
}

/** Expressions that pass a value on. */
const VALUE_OF: ReadonlySet<number> = new Set([
  NodeKind.Return,
  NodeKind.Conditional,
  NodeKind.Binary,
  NodeKind.InitList,
  NodeKind.Designated,
]);

function unaryUse(source: UseSource, use: MakeUse, unary: number): PlaceUse {
  switch (source.tree.tokens.kind[source.tree.tok[unary]!]) {
    case TokenKind.Star:
      return use('dereferenced');
    case TokenKind.Not:
      return use('checked');
    case TokenKind.Amp: {
      const { callee, position } = receiver(source, unary);
      return use('address-taken', callee === undefined ? {} : { callee, position: position! });
    }
    default:
      return use('other');
  }
}

function binaryUse(source: UseSource, use: MakeUse, binary: number): PlaceUse {
  const { tree, parents } = source;
  const operator = tree.tokens.kind[tree.tok[binary]!]!;
  if (operator >= TokenKind.Equal && operator <= TokenKind.GreaterEqual) return use('checked');
  // `*(p + i)` is `p[i]`.
  let at = binary;
  while (tree.kind[parents[at]!] === NodeKind.Paren) at = parents[at]!;
  const parent = parents[at]!;
  const read = tree.kind[parent] === NodeKind.Unary && tree.tokens.kind[tree.tok[parent]!] === TokenKind.Star;
  return read ? use('dereferenced') : use('element-address', receiver(source, binary));
}
