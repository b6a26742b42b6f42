import { TokenKind } from './tokens';

/**
 * The token that closes the bracket at `open`, a `(`, `{` or `[`: the one of its kind that is not of an inner pair, whatever other brackets stand between.
 * Tokens from `end` on are not looked at; 0 where none of those before it closes the bracket.
 */
export function closingBracket(kind: ArrayLike<number>, open: number, end: number): number {
  const opening = kind[open]!;
  const closing = opening + CLOSES;
  let depth = 0;
  for (let token = open; token < end; token++) {
    if (kind[token] === opening) depth++;
    else if (kind[token] === closing && --depth === 0) return token;
  }
  return 0;
}

/**
 * The token that opens the bracket closed at `close`, a `)`, `}` or `]`: {@link closingBracket} the other way round. Tokens before `first` are not looked at;
 * 0 where none from there on opens the bracket.
 */
export function openingBracket(kind: ArrayLike<number>, close: number, first: number): number {
  const closing = kind[close]!;
  const opening = closing - CLOSES;
  let depth = 0;
  for (let token = close; token >= first; token--) {
    if (kind[token] === closing) depth++;
    else if (kind[token] === opening && --depth === 0) return token;
  }
  return 0;
}

/** A bracket's kind is followed by that of the one that closes it. */
const CLOSES = TokenKind.RParen - TokenKind.LParen;

/** `->` or `.`: what follows is a member of what stands before. */
export function isMemberAccess(kind: number | undefined): boolean {
  return kind === TokenKind.Arrow || kind === TokenKind.Dot;
}
