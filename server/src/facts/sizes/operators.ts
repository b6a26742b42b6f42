import { TokenKind } from '../../syntax/tokens';
import type { SizeInterval } from '../sizeInterval';
import * as range from './interval';

/** What a unary minus gives: unlike other unknown values it takes away from a sum. */
export const NEGATIVE: SizeInterval = { min: 0, max: undefined };

/** The value of a binary operator that needs only the values of its operands. */
export function operate(operator: number, left: SizeInterval, right: SizeInterval): SizeInterval {
  const operation = OPERATORS.get(operator);
  return operation === undefined ? compared(operator, left, right) : operation(left, right);
}

function compared(operator: number, left: SizeInterval, right: SizeInterval): SizeInterval {
  // A negative or wrapped value is any value here, and compares with nothing.
  if (left.max === undefined || right.max === undefined) return range.BOOLEAN;
  const [less, greater] = [left.max < right.min, left.min > right.max];
  const same = left.min === left.max && right.min === right.max && left.min === right.min;
  const decide = (whenTrue: boolean, whenFalse: boolean) => (whenTrue ? range.exactly(1) : whenFalse ? range.exactly(0) : range.BOOLEAN);
  switch (operator) {
    case TokenKind.Equal:
      return decide(same, less || greater);
    case TokenKind.NotEqual:
      return decide(less || greater, same);
    case TokenKind.Less:
      return decide(less, left.min >= right.max);
    case TokenKind.GreaterEqual:
      return decide(left.min >= right.max, less);
    case TokenKind.Greater:
      return decide(greater, left.max <= right.min);
    case TokenKind.LessEqual:
      return decide(left.max <= right.min, greater);
    default:
      return range.BOOLEAN;
  }
}

const OPERATORS: ReadonlyMap<number, (a: SizeInterval, b: SizeInterval) => SizeInterval> = new Map([
  [TokenKind.Plus, (a, b) => (a === NEGATIVE || b === NEGATIVE ? range.ANY : range.add(a, b))],
  [TokenKind.Minus, range.subtract],
  [TokenKind.Star, range.multiply],
  [TokenKind.Slash, range.divide],
  [TokenKind.Percent, range.remainder],
  [TokenKind.ShiftLeft, range.shiftLeft],
  [TokenKind.ShiftRight, range.shiftRight],
  [TokenKind.Pipe, range.bitOr],
  [TokenKind.Caret, range.bitXor],
]);
