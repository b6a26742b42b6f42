import type { TokenRanges } from './branches';
import { TokenKind, type Tokens } from './tokens';

const LF = 10;
const TAB = 9;
const SPACE = 32;

/** Where the tokens of a reading stand that leaves some out: it ends before the next one begins. */
let room = { kind: new Uint8Array(0), symbol: new Uint32Array(0), raw: new Uint32Array(0) };
/** More tokens are not kept room for, so that one huge file does not stay in memory. */
const KEPT_TOKENS = 1 << 20;

/** Position 0 is a sentinel's. */
function roomFor(count: number): typeof room {
  const { kind, symbol, raw } = room.kind.length >= count ? room : makeRoom(count);
  return { kind: kind.subarray(0, count), symbol: symbol.subarray(0, count), raw: raw.subarray(0, count) };
}

function makeRoom(count: number): typeof room {
  const size = count + (count >> 2);
  const made = { kind: new Uint8Array(size), symbol: new Uint32Array(size), raw: new Uint32Array(size) };
  if (count <= KEPT_TOKENS) room = made;
  return made;
}

/**
 * The tokens one reading of a file consists of, at consecutive positions: position 0 is the sentinel, the last one an Eof. When
 * branches are left out, `raw` maps positions to token numbers; otherwise both are the same and `raw` is undefined.
 */
export class TokenStream {
  private constructor(
    readonly bytes: Uint8Array,
    readonly tokens: Tokens,
    readonly kind: Uint8Array,
    readonly symbol: Uint32Array,
    readonly raw: Uint32Array | undefined,
  ) {}

  /** The stream of the tokens in `ranges`; an Eof is added when the ranges do not end with one. */
  static of(bytes: Uint8Array, tokens: Tokens, ranges: TokenRanges): TokenStream {
    if (ranges.length === 2 && ranges[0] === 1 && ranges[1] === tokens.count) {
      return new TokenStream(bytes, tokens, tokens.kind, tokens.symbol, undefined);
    }
    let count = 2;
    for (let i = 0; i < ranges.length; i += 2) count += ranges[i + 1]! - ranges[i]!;
    const { kind, symbol, raw } = roomFor(count);
    let position = 1;
    for (let i = 0; i < ranges.length; i += 2) {
      const from = ranges[i]!;
      const to = ranges[i + 1]!;
      kind.set(tokens.kind.subarray(from, to), position);
      symbol.set(tokens.symbol.subarray(from, to), position);
      for (let token = from; token < to; token++) raw[position++] = token;
    }
    kind[position] = TokenKind.Eof;
    symbol[position] = 0;
    raw[position] = ranges.length > 0 ? Math.min(ranges[ranges.length - 1]!, tokens.count - 1) : tokens.count - 1;
    return new TokenStream(bytes, tokens, kind, symbol, raw);
  }

  /** Number of the token at a position. */
  token(position: number): number {
    return this.raw === undefined ? position : this.raw[position]!;
  }

  offset(position: number): number {
    return this.tokens.start[this.token(position)]!;
  }

  endOffset(position: number): number {
    return this.tokens.end[this.token(position)]!;
  }

  /** True when no byte lies between a token and its predecessor. */
  touchesPrevious(position: number): boolean {
    return this.offset(position) === this.endOffset(position - 1);
  }

  atColumnZero(position: number): boolean {
    const offset = this.offset(position);
    return offset === 0 || this.bytes[offset - 1] === LF;
  }

  /** True when only blanks precede the token on its line. */
  startsLine(position: number): boolean {
    let at = this.offset(position) - 1;
    while (at >= 0 && (this.bytes[at] === SPACE || this.bytes[at] === TAB)) at--;
    return at < 0 || this.bytes[at] === LF;
  }

  /** Column of the first token on the line that holds the given one; tabs end at multiples of 8. */
  indentation(position: number): number {
    let at = this.offset(position);
    while (at > 0 && this.bytes[at - 1] !== LF) at--;
    let column = 0;
    for (; this.bytes[at] === SPACE || this.bytes[at] === TAB; at++) column = this.bytes[at] === TAB ? (column | 7) + 1 : column + 1;
    return column;
  }

  /** True when a line feed lies between the two tokens' starts. */
  onDifferentLines(from: number, to: number): boolean {
    const end = this.offset(to);
    for (let at = this.offset(from); at < end; at++) if (this.bytes[at] === LF) return true;
    return false;
  }
}
