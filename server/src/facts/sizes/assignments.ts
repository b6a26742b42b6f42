import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, type Tree, unparen } from '../../syntax/tree';

/** Values given to the plain variables of a function: nodes of the assigned expressions, or `undefined` when not all are known. */
export type Assignments = ReadonlyMap<number, readonly number[] | undefined>;

/** Macros that write to an argument that has no `&` before it (include/linux/uaccess.h, math64.h, irqflags.h, iopoll.h). */
const WRITING_MACRO = /get_user|for_each|do_div|poll_timeout|irq_?save|rdmsr|__wait_event/;

/** Collects all assignments to identifiers in a function. */
export function assignmentsOf(tree: Tree, functionNode: number, spelling: (symbol: number) => string): Assignments {
  const found = new Map<number, number[] | undefined>();
  const add = (symbol: number, value: number | undefined) => {
    const values = found.get(symbol);
    if (value === undefined || (found.has(symbol) && values === undefined)) found.set(symbol, undefined);
    else if (values === undefined) found.set(symbol, [value]);
    else values.push(value);
  };
  const stack = [functionNode];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    noteNode(tree, node, add);
    if (tree.kind[node] === NodeKind.Call) for (const symbol of writtenByMacro(tree, node, spelling)) add(symbol, undefined);
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) stack.push(child);
  }
  return found;
}

function noteNode(tree: Tree, node: number, add: (symbol: number, value: number | undefined) => void): void {
  switch (tree.kind[node]) {
    case NodeKind.Declarator: {
      const initializer = childrenOf(tree, node).find((part) => tree.kind[part] === NodeKind.Initializer);
      if (initializer !== undefined && tree.tok[node] !== 0) add(tree.tokens.symbol[tree.tok[node]!]!, tree.child[initializer]!);
      return;
    }
    case NodeKind.Assign: {
      const symbol = plainName(tree, tree.child[node]!);
      const plain = tree.tokens.kind[tree.tok[node]!] === TokenKind.Assign;
      if (symbol !== 0) add(symbol, plain ? childAt(tree, node, 1) : undefined);
      return;
    }
    case NodeKind.Unary: {
      const operator = tree.tokens.kind[tree.tok[node]!];
      const writes = operator === TokenKind.Amp || operator === TokenKind.PlusPlus || operator === TokenKind.MinusMinus;
      if (writes && plainName(tree, tree.child[node]!) !== 0) add(plainName(tree, tree.child[node]!), undefined);
      return;
    }
    case NodeKind.Postfix:
    case NodeKind.Asm:
      for (const child of childrenOf(tree, node)) if (plainName(tree, child) !== 0) add(plainName(tree, child), undefined);
  }
}

/** Names that a call may write to although they are passed without `&`. */
export function writtenByMacro(tree: Tree, call: number, spelling: (symbol: number) => string): readonly number[] {
  const [callee, ...args] = childrenOf(tree, call);
  if (callee === undefined || plainName(tree, callee) === 0 || !WRITING_MACRO.test(spelling(plainName(tree, callee)))) return [];
  return args.map((argument) => plainName(tree, argument)).filter((symbol) => symbol !== 0);
}

function plainName(tree: Tree, node: number): number {
  const inner = unparen(tree, node);
  return tree.kind[inner] === NodeKind.Identifier ? tree.tokens.symbol[tree.tok[inner]!]! : 0;
}
