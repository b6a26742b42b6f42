import { openingBracket } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';

/** Statements of a `switch` that the same labels lead to. */
export interface SwitchPart {
  readonly from: number;
  readonly to: number;
  /** Symbols of the constants; those of the part before as well where it falls through. */
  readonly labels: readonly number[];
  /** Other values lead here too: `default`, a number, a range, a goto. */
  readonly others: boolean;
}

/** Constants that lead to one part; of more it is not told which, so that falling through thousands of cases does not cost the square of their number. */
const MAX_LABELS = 256;

type Kinds = Tokens['kind'];

const LEAVES: ReadonlySet<number> = new Set([TokenKind.Break, TokenKind.Return, TokenKind.Goto, TokenKind.Continue]);

/** The parts of the `switch` whose braces stand at `open` and `close`. Labels of inner switches belong to the part they stand in. */
export function switchParts({ kind, symbol }: Pick<Tokens, 'kind' | 'symbol'>, open: number, close: number): readonly SwitchPart[] {
  const parts: { from: number; to: number; labels: readonly number[]; others: boolean; many: boolean }[] = [];
  let jumps = false;
  let depth = 0;
  for (let token = open + 1; token < close; token++) {
    const of = kind[token]!;
    if (of === TokenKind.LBrace) depth++;
    else if (of === TokenKind.RBrace) depth--;
    else if (of === TokenKind.Goto) jumps = true;
    if (depth !== 0 || (of !== TokenKind.Case && of !== TokenKind.Default)) continue;
    const last = parts[parts.length - 1];
    const isConstant = of === TokenKind.Case && kind[token + 1] === TokenKind.Identifier && kind[token + 2] === TokenKind.Colon;
    const label = isConstant ? [symbol[token + 1]!] : [];
    if (last) last.to = token;
    const joins = last !== undefined && !leavesAtEnd(kind, last.from, token);
    while (token < close && kind[token] !== TokenKind.Colon) token++;
    const many = joins && (last.many || last.labels.length >= MAX_LABELS);
    parts.push({
      from: token + 1,
      to: close,
      labels: many ? [] : joins ? [...last.labels, ...label] : label,
      others: many || !isConstant || (joins && last.others),
      many,
    });
  }
  if (jumps) for (const part of parts) part.others = true;
  return parts;
}

/** Whether the last statement before `to` is a `break` or the like, by itself or at the end of the block that is the whole part. */
export function leavesAtEnd(kind: Kinds, from: number, to: number): boolean {
  let end = to - 1;
  if (kind[end] === TokenKind.RBrace) {
    if (kind[from] !== TokenKind.LBrace || openingBracket(kind, end, from) !== from) return false;
    end--;
  }
  if (kind[end] !== TokenKind.Semicolon) return false;
  let start = end - 1;
  while (start >= from && !isBoundary(kind[start]!)) start--;
  return LEAVES.has(kind[start + 1]!);
}

function isBoundary(kind: number): boolean {
  return kind === TokenKind.Semicolon || kind === TokenKind.LBrace || kind === TokenKind.RBrace || kind === TokenKind.Colon;
}
