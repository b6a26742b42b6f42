import { TokenKind } from './tokens';

/** Kind of the punctuators that are always one byte long, by byte. */
export const SINGLE_KIND = new Uint8Array(256);
/** Kind of an operator by its byte: alone, with a `=` behind it, and twice (0 where there is none). */
export const OPERATOR_KIND = new Uint8Array(256);
export const OPERATOR_ASSIGN = new Uint8Array(256);
export const OPERATOR_TWICE = new Uint8Array(256);

function punctuator(char: string, single: TokenKind, assign: TokenKind, twice: TokenKind): void {
  const byte = char.charCodeAt(0);
  OPERATOR_KIND[byte] = single;
  OPERATOR_ASSIGN[byte] = assign;
  OPERATOR_TWICE[byte] = twice;
}

for (const [char, kind] of [
  ['(', TokenKind.LParen],
  [')', TokenKind.RParen],
  ['{', TokenKind.LBrace],
  ['}', TokenKind.RBrace],
  ['[', TokenKind.LBracket],
  [']', TokenKind.RBracket],
  [';', TokenKind.Semicolon],
  [',', TokenKind.Comma],
  [':', TokenKind.Colon],
  ['?', TokenKind.Question],
  ['~', TokenKind.Tilde],
] as const) {
  SINGLE_KIND[char.charCodeAt(0)] = kind;
}
punctuator('+', TokenKind.Plus, TokenKind.PlusAssign, TokenKind.PlusPlus);
punctuator('-', TokenKind.Minus, TokenKind.MinusAssign, TokenKind.MinusMinus);
punctuator('*', TokenKind.Star, TokenKind.StarAssign, 0);
punctuator('%', TokenKind.Percent, TokenKind.PercentAssign, 0);
punctuator('&', TokenKind.Amp, TokenKind.AmpAssign, TokenKind.AmpAmp);
punctuator('|', TokenKind.Pipe, TokenKind.PipeAssign, TokenKind.PipePipe);
punctuator('^', TokenKind.Caret, TokenKind.CaretAssign, 0);
punctuator('=', TokenKind.Assign, TokenKind.Equal, 0);
punctuator('!', TokenKind.Not, TokenKind.NotEqual, 0);
punctuator('<', TokenKind.Less, TokenKind.LessEqual, TokenKind.ShiftLeft);
punctuator('>', TokenKind.Greater, TokenKind.GreaterEqual, TokenKind.ShiftRight);
