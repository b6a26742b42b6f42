import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import type { Held } from '../held';
import type { ScannedCall } from './callScan';
import { Via } from './linkage';
import type { LinkNames } from './linkNames';

/** Tokens that may stand between the beginning of a statement and the call whose value it assigns. */
const IN_ASSIGNMENT: ReadonlySet<number> = new Set([
  TokenKind.Identifier,
  TokenKind.Assign,
  TokenKind.Arrow,
  TokenKind.Dot,
  TokenKind.Star,
]);

/** The first call that sleeps and that every way through a function without locks passes. `body`: the token of the brace that opens its body. */
export function firstSleep(
  { tree, interner }: SourceFile,
  names: LinkNames,
  body: number,
  calls: readonly ScannedCall[],
): Held | undefined {
  const { kind, start, end } = tree.tokens;
  for (const { via, symbol, token, inWait } of calls) {
    if (via !== Via.Name || inWait || !names.sleeps(symbol)) continue;
    if (isAlwaysReached(kind, body, token))
      return { resource: 'mutex', instance: '', by: interner.text(symbol), range: { start: start[token]!, end: end[token]! } };
  }
  return undefined;
}

/** A statement of the body's own block, `f(…);` or `x = f(…);`, behind no goto. */
function isAlwaysReached(kind: ArrayLike<number>, body: number, call: number): boolean {
  let start = call - 1;
  while (IN_ASSIGNMENT.has(kind[start]!)) start--;
  if (kind[start] !== TokenKind.Semicolon && kind[start] !== TokenKind.LBrace && kind[start] !== TokenKind.RBrace) return false;
  let depth = 0;
  for (let token = body; token <= start; token++) {
    if (kind[token] === TokenKind.LBrace) depth++;
    else if (kind[token] === TokenKind.RBrace) depth--;
    else if (kind[token] === TokenKind.Goto) return false;
  }
  return depth === 1;
}
