import { DeclFlag, NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childAt, childrenOf, type Tree, unparen } from '../../syntax/tree';
import type { SizeInterval } from '../sizeInterval';
import { writtenByMacro } from './assignments';
import type { DeclaredName } from './declarations';
import { isLoop } from './guards';
import { add, exactly, join } from './interval';

export interface CounterSource {
  readonly tree: Tree;
  /** The spelling of a name. */
  spelling(symbol: number): string;
}

/** What is done to a variable that counts things up, each at most once: `int parts = 0; if (a) parts++; if (b) parts++;`. */
export interface Counter {
  readonly starts: number[];
  /** The nodes of what is added; 0 for one. */
  readonly steps: number[];
}

/**
 * A variable that a function sets and counts up outside of loops; undefined when it does anything else to it, may come back to a step, or when
 * the variable keeps its value between calls.
 */
export function counterOf(source: CounterSource, functionNode: number, { symbol, specifiers }: DeclaredName): Counter | undefined {
  if ((source.tree.aux[specifiers]! & DeclFlag.Static) !== 0) return undefined;
  const counter: Counter = { starts: [], steps: [] };
  return collect(source, functionNode, symbol, counter) && counter.starts.length > 0 ? counter : undefined;
}

/** The values of a counter; `reader` evaluates expressions of its function. */
export function countedValue({ starts, steps }: Counter, reader: (node: number) => SizeInterval): SizeInterval {
  const start = starts.map(reader).reduce(join);
  const most = steps.map((step) => (step === 0 ? exactly(1) : reader(step))).reduce(add, exactly(0));
  return { min: start.min, max: add(start, most).max };
}

/** False when the function does something to the variable that is not known to count. */
function collect({ tree, spelling }: CounterSource, functionNode: number, symbol: number, counter: Counter): boolean {
  const isNamed = (node: number) => {
    const inner = unparen(tree, node);
    return tree.kind[inner] === NodeKind.Identifier && tree.tokens.symbol[tree.tok[inner]!] === symbol;
  };
  let firstLabel = Number.POSITIVE_INFINITY;
  let lastGoto = 0;
  // Nodes inside of loops are negative.
  const stack = [functionNode];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const node = Math.abs(entry);
    const kind = tree.kind[node]!;
    const looped = entry < 0 || isLoop(tree, node);
    // A jump upwards repeats what stands between; which label it means does not matter for the few functions that have one.
    if (kind === NodeKind.Label) firstLabel = Math.min(firstLabel, tree.first[node]!);
    else if (kind === NodeKind.Goto) lastGoto = Math.max(lastGoto, tree.first[node]!);
    else if (kind === NodeKind.ComputedGoto || kind === NodeKind.Asm) return false;
    else if (kind === NodeKind.Call && writtenByMacro(tree, node, spelling).includes(symbol)) return false;
    const step = stepAt(tree, node, isNamed);
    if (step === 'other' || (step !== undefined && step.kind === 'step' && looped)) return false;
    if (step !== undefined) (step.kind === 'step' ? counter.steps : counter.starts).push(step.value);
    else if (kind === NodeKind.Declarator && tree.tok[node] !== 0 && tree.tokens.symbol[tree.tok[node]!] === symbol) {
      const initializer = childrenOf(tree, node).find((part) => tree.kind[part] === NodeKind.Initializer);
      if (initializer !== undefined) counter.starts.push(tree.child[initializer]!);
    }
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) stack.push(looped ? -child : child);
  }
  return counter.steps.length === 0 || lastGoto < firstLabel;
}

type Step = { readonly kind: 'start' | 'step'; readonly value: number } | 'other' | undefined;

/** What a node writes to the variable; undefined for nothing. */
function stepAt(tree: Tree, node: number, isNamed: (node: number) => boolean): Step {
  const operator = tree.tokens.kind[tree.tok[node]!];
  switch (tree.kind[node]) {
    case NodeKind.Assign: {
      if (!isNamed(tree.child[node]!)) return undefined;
      const value = childAt(tree, node, 1);
      return operator === TokenKind.Assign
        ? { kind: 'start', value }
        : operator === TokenKind.PlusAssign
          ? { kind: 'step', value }
          : 'other';
    }
    case NodeKind.Postfix:
    case NodeKind.Unary: {
      const writes = operator === TokenKind.PlusPlus || operator === TokenKind.MinusMinus || operator === TokenKind.Amp;
      if (!writes || !isNamed(tree.child[node]!)) return undefined;
      return operator === TokenKind.PlusPlus ? { kind: 'step', value: 0 } : 'other';
    }
    default:
      return undefined;
  }
}
