import { IN_NAME } from './charClasses';

const TAB = 9;
const LF = 10;
const CR = 13;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;

/** Offset behind a line continuation (backslash, blanks, line feed), or `at` when there is none. */
export function spliceEnd(text: Uint8Array, at: number): number {
  let next = at + 1;
  while (text[next] === CR || text[next] === 32 || text[next] === TAB) next++;
  return text[next] === LF ? next + 1 : at;
}

/** L, u, U and u8 in front of a quote. */
export function isLiteralPrefix(text: Uint8Array, from: number, to: number): boolean {
  const first = text[from];
  if (to - from === 1) return first === 76 || first === 117 || first === 85;
  return to - from === 2 && first === 117 && text[from + 1] === 56;
}

/** A preprocessing number, except that `1...5` ends before the dots and that `0xe+1` is three tokens. */
export function numberEnd(text: Uint8Array, at: number): number {
  const hexadecimal = text[at] === 48 && (text[at + 1]! | 32) === 120;
  for (;;) {
    const byte = text[at]!;
    if (IN_NAME[byte] === 1) at++;
    else if (byte === DOT) {
      if (text[at + 1] === DOT) return at;
      at++;
    } else if (byte === PLUS || byte === MINUS) {
      const before = text[at - 1]! | 32;
      if (before !== (hexadecimal ? 112 : 101)) return at;
      at++;
    } else return at;
  }
}
