import type { TextRange } from '../../base/range';
import { NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { childrenOf, rangeOf, unparen } from '../../syntax/tree';
import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';

/** A `sizeof` in the size of an allocation whose result goes into a pointer. */
export interface SizeofOperand {
  /** The operand without parentheses. */
  readonly range: TextRange;
  readonly text: string;
  /** The operand is a pointer, not what it points to. */
  readonly pointer: boolean;
  /** The operand spells the variable or member that the result is assigned to. */
  readonly isTarget: boolean;
  /** What the result will point to: an object, another pointer, or something whose type is not in sight. */
  readonly pointee: 'object' | 'pointer' | 'unknown';
}

/** The `sizeof` factors of the size arguments of an allocation. */
export function sizeofOperands(memory: FileMemory, call: CallSite): readonly SizeofOperand[] {
  const shape = call.api?.size;
  const target = memory.targets(call)[0];
  if (shape === undefined || target === undefined || call.origin === 'macro') return [];
  const positions = shape.kind === 'bytes' ? [shape.arg] : shape.kind === 'array' ? [shape.count, shape.element] : [];
  const nodes = positions.flatMap((position) => (call.args[position] === undefined ? [] : factorsOf(memory, call.args[position].node)));
  return nodes.map((node) => operandOf(memory, node, target));
}

function factorsOf(memory: FileMemory, node: number): number[] {
  const { tree } = memory;
  const inner = unparen(tree, node);
  if (tree.kind[inner] === NodeKind.SizeofExpr || tree.kind[inner] === NodeKind.SizeofType) return [inner];
  const product = tree.kind[inner] === NodeKind.Binary && tree.tokens.kind[tree.tok[inner]!] === TokenKind.Star;
  return product ? childrenOf(tree, inner).flatMap((child) => factorsOf(memory, child)) : [];
}

function operandOf(memory: FileMemory, sizeof: number, target: number): SizeofOperand {
  const { tree, evaluator } = memory;
  const operand = unparen(tree, tree.child[sizeof]!);
  const type = evaluator.typeOf(tree, operand);
  const targetType = memory.targetType(target);
  const pointee = targetType?.kind === 'pointer' ? targetType.to.kind : 'unknown';
  const text = memory.text(operand);
  return {
    range: rangeOf(tree, operand),
    text,
    pointer: type.kind === 'pointer',
    isTarget: text === memory.placeText(target),
    pointee:
      pointee === 'pointer' || pointee === 'function' ? 'pointer' : pointee === 'unknown' || isVoid(targetType) ? 'unknown' : 'object',
  };
}

function isVoid(type: ReturnType<FileMemory['targetType']>): boolean {
  return type?.kind === 'pointer' && type.to.kind === 'scalar' && type.to.size.min === 1;
}
