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

/** A place among the arguments of what is called by the name at a token. */
export interface ArgumentPlace {
  readonly name: number;
  readonly position: number;
}

/** Tokens of a call's arguments that {@link enclosingCall} looks over. */
const MAX_ARGUMENTS = 64;

/** The innermost call among whose arguments a token stands: `f` of `f(a, (b), token)`, at position 2. undefined where the parentheses around it are no call's. */
export function enclosingCall(kind: ArrayLike<number>, token: number): ArgumentPlace | undefined {
  let depth = 0;
  let position = 0;
  for (let at = token - 1; at > 0 && token - at < MAX_ARGUMENTS; at--) {
    switch (kind[at]) {
      case TokenKind.RParen:
      case TokenKind.RBracket:
      case TokenKind.RBrace:
        depth++;
        break;
      case TokenKind.LParen:
        if (depth-- > 0) break;
        return kind[at - 1] === TokenKind.Identifier ? { name: at - 1, position } : undefined;
      case TokenKind.LBracket:
      case TokenKind.LBrace:
        if (depth-- > 0) break;
        return undefined;
      case TokenKind.Comma:
        if (depth === 0) position++;
        break;
      case TokenKind.Semicolon:
        if (depth === 0) return undefined;
    }
  }
  return undefined;
}

/** `->` or `.`: what follows is a member of what stands before. */
export function isMemberAccess(kind: number | undefined): boolean {
  return kind === TokenKind.Arrow || kind === TokenKind.Dot;
}
