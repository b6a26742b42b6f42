import type { Interner } from '../../base/interner';
import { closingBracket } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';

/** Tokens of one declaration that are looked over. */
const MAX_DECLARATION = 256;

/**
 * Calls `note` with the token of each name that a declaration gives to structs, pointers to them and arrays of them. `from`: the token behind the struct's tag
 * or body. Casts, functions and pointers to functions declare none. `alone`: a parameter, which a comma ends.
 */
export function eachStructName(tokens: Tokens, interner: Interner, from: number, alone: boolean, note: (token: number) => void): void {
  const { kind, symbol } = tokens;
  const end = Math.min(from + MAX_DECLARATION, tokens.count);
  let name = 0;
  for (let token = from; token > 0 && token < end; token++) {
    switch (kind[token]) {
      case TokenKind.Star:
      case TokenKind.Const:
      case TokenKind.Volatile:
      case TokenKind.Restrict:
        break;
      case TokenKind.Attribute:
        token = closingBracket(kind, token + 1, end) || end;
        break;
      case TokenKind.Identifier:
        if (isAnnotation(interner, symbol[token]!)) {
          if (kind[token + 1] === TokenKind.LParen) token = closingBracket(kind, token + 1, end) || end;
        } else if (kind[token + 1] === TokenKind.LParen) return;
        else name ||= token;
        break;
      case TokenKind.LBracket:
        token = closingBracket(kind, token, end) || end;
        break;
      case TokenKind.Assign:
      case TokenKind.Colon:
        token = endOfValue(kind, token + 1, end) - 1;
        break;
      case TokenKind.Comma:
      case TokenKind.Semicolon:
      case TokenKind.RParen:
        if (name !== 0) note(name);
        name = 0;
        if (alone || kind[token] !== TokenKind.Comma) return;
        break;
      default:
        return;
    }
  }
}

/** The comma or semicolon that ends a value. */
function endOfValue(kind: Tokens['kind'], from: number, end: number): number {
  for (let token = from; token < end; token++) {
    switch (kind[token]) {
      case TokenKind.LParen:
      case TokenKind.LBrace:
      case TokenKind.LBracket:
        token = closingBracket(kind, token, end) || end;
        break;
      case TokenKind.Comma:
      case TokenKind.Semicolon:
        return token;
    }
  }
  return end;
}

/** `__rcu`, `__aligned`, `____cacheline_aligned`: written where names are, and none. */
export function isAnnotation(interner: Interner, symbol: number): boolean {
  return interner.byteOf(symbol, 0) === UNDERSCORE && interner.byteOf(symbol, 1) === UNDERSCORE;
}

const UNDERSCORE = 95;
