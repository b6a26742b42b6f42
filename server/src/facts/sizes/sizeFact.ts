import type { TextRange } from '../../base/range';
import type { SizeShape } from '../../kernel/model';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, rangeOf, type Tree, unparen } from '../../syntax/tree';
import type { ArgumentFact, SizeFact, SizeInterval } from '../site';
import type { Evaluated, SizeEvaluator } from './evaluate';
import type { ValueEnvironment } from './frame';
import { add, interval, multiply } from './interval';

type Part = { readonly interval: SizeInterval; readonly text: string; readonly range: TextRange };

interface Request {
  readonly tree: Tree;
  readonly args: readonly ArgumentFact[];
  readonly evaluator: SizeEvaluator;
  readonly env: ValueEnvironment | undefined;
  readonly textOf: (range: TextRange) => string;
}

/**
 * How much memory a call asks for, from the arguments that `shape` names; undefined when one of them is missing. `textOf`
 * gives the source text of a range.
 */
export function sizeFact(
  tree: Tree,
  args: readonly ArgumentFact[],
  shape: SizeShape,
  evaluator: SizeEvaluator,
  textOf: (range: TextRange) => string,
  env?: ValueEnvironment,
): SizeFact | undefined {
  const request: Request = { tree, args, evaluator, env, textOf };
  switch (shape.kind) {
    case 'bytes':
      return args[shape.arg] === undefined ? undefined : bytesFact(request, args[shape.arg]!.node);
    case 'array':
      return arrayFact(request, args[shape.count], args[shape.element]);
    case 'order':
      return args[shape.arg] === undefined ? undefined : orderFact(request, args[shape.arg]!.node);
    case 'object':
      return objectFact(request, shape);
  }
}

function evaluated(request: Request, node: number): Evaluated {
  return request.evaluator.evaluate(request.tree, node, request.env);
}

function part(request: Request, node: number, value: SizeInterval): Part {
  const range = rangeOf(request.tree, node);
  return { interval: value, text: request.textOf(range), range };
}

function bytesFact(request: Request, node: number): SizeFact {
  const { interval: bytes, reason } = evaluated(request, node);
  const product = productParts(request, unparen(request.tree, node));
  return product === undefined ? { bytes, reason } : { bytes, reason, ...product };
}

function arrayFact(request: Request, count: ArgumentFact | undefined, element: ArgumentFact | undefined): SizeFact | undefined {
  if (count === undefined || element === undefined) return undefined;
  const [left, right] = [evaluated(request, count.node), evaluated(request, element.node)];
  return {
    bytes: multiply(left.interval, right.interval),
    count: part(request, count.node, left.interval),
    element: part(request, element.node, right.interval),
    reason: joinReasons(left.reason, right.reason),
  };
}

function orderFact(request: Request, node: number): SizeFact {
  const { interval: order, reason } = evaluated(request, node);
  const page = request.evaluator.model.limits.pageSize;
  return { bytes: interval(page * 2 ** order.min, order.max === undefined ? undefined : page * 2 ** order.max), order, reason };
}

/** The type-based forms (`kmalloc_obj(*p)`, `kmalloc_objs(*p, n)`, `kmalloc_flex(*p, member, n)`). */
function objectFact(request: Request, shape: Extract<SizeShape, { kind: 'object' }>): SizeFact | undefined {
  const { tree, args, evaluator } = request;
  const object = args[shape.arg];
  if (object === undefined) return undefined;
  const size = evaluator.sizeOf(tree, unparen(tree, object.node));
  const reason = size.min === size.max ? `sizeof(${object.text}) = ${size.min}` : '';
  const countArgument = shape.count === undefined ? undefined : args[shape.count];
  if (countArgument === undefined) return { bytes: size, reason };
  const count = evaluated(request, countArgument.node);
  const parts = { count: part(request, countArgument.node, count.interval), reason: joinReasons(reason, count.reason) };
  const flex = shape.flex === undefined ? undefined : args[shape.flex];
  if (flex === undefined) return { bytes: multiply(count.interval, size), element: part(request, object.node, size), ...parts };
  const element = evaluator.flexibleElement(tree, unparen(tree, object.node), flex.text);
  return { bytes: add(size, multiply(count.interval, element)), element: part(request, flex.node, element), ...parts };
}

/** Count and element of `n * sizeof(x)`, `array_size(n, size)` and `struct_size(p, member, n)`. */
function productParts(request: Request, node: number): { count: Part; element: Part } | undefined {
  const { tree } = request;
  if (tree.kind[node] === NodeKind.Binary && tree.tokens.kind[tree.tok[node]!] === TokenKind.Star) {
    const [left, right] = [childAt(tree, node, 0), childAt(tree, node, 1)];
    if (isSizeof(tree, right)) return pair(request, left, right);
    return isSizeof(tree, left) ? pair(request, right, left) : undefined;
  }
  if (tree.kind[node] !== NodeKind.Call) return undefined;
  const [callee, first, second, third] = childrenOf(tree, node);
  const name = request.textOf(rangeOf(tree, callee!));
  if ((name === 'array_size' || name === 'size_mul') && second !== undefined) {
    return isSizeof(tree, first!) ? pair(request, second, first!) : pair(request, first!, second);
  }
  if (name === 'struct_size' && third !== undefined) {
    const member = request.textOf(rangeOf(tree, second!));
    return {
      count: part(request, third, evaluated(request, third).interval),
      element: part(request, second!, request.evaluator.elementSize(tree, unparen(tree, first!), member)),
    };
  }
  return undefined;
}

function pair(request: Request, count: number, element: number): { count: Part; element: Part } {
  return {
    count: part(request, count, evaluated(request, count).interval),
    element: part(request, element, evaluated(request, element).interval),
  };
}

function isSizeof(tree: Tree, node: number): boolean {
  const kind = tree.kind[unparen(tree, node)];
  return kind === NodeKind.SizeofExpr || kind === NodeKind.SizeofType;
}

function joinReasons(...reasons: readonly string[]): string {
  return reasons.filter((reason) => reason !== '').join(', ');
}
