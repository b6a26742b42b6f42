import { grown, headOf } from '../base/grown';
import { hashStep, type Interner, type NameSource } from '../base/interner';
import { CHAR_CLASS, CharClass, IN_NAME } from './charClasses';
import { DirectiveKind, type Directives } from './directives';
import { OPERATOR_ASSIGN, OPERATOR_KIND, OPERATOR_TWICE, SINGLE_KIND } from './punctuators';
import { isLiteralPrefix, numberEnd, spliceEnd } from './scanning';
import { TokenKind, type Tokens } from './tokens';
import { type Vocabulary, vocabularyOf } from './vocabulary';

/** What {@link lex} returns. */
export interface LexResult {
  readonly tokens: Tokens;
  readonly directives: Directives;
}

/**
 * Splits a text into tokens and preprocessor directives. Total: every byte string has a result, unterminated literals end with their
 * line and unterminated comments with the text.
 *
 * @param macroBody the text is the body of a macro: `#` and `##` are tokens, there are no directives.
 */
export function lex(
  bytes: Uint8Array,
  interner: Interner,
  vocabulary: Vocabulary = vocabularyOf(interner),
  macroBody = false,
  over?: LexResult,
): LexResult {
  scanner.scan(bytes, interner, vocabulary, macroBody);
  return scanner.take(over);
}

/**
 * The same for a text that is only looked through: the result is overwritten by the next text. `names` need not be an interner's;
 * `vocabulary` has their numbers.
 */
export function glance(bytes: Uint8Array, names: NameSource, vocabulary: Vocabulary): LexResult {
  scanner.scan(bytes, names, vocabulary, false);
  return scanner.view();
}

const TAB = 9;
const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const LESS = 60;
const EQUAL = 61;
const GREATER = 62;
const BACKSLASH = 92;

/** Zero bytes behind the text, so that no loop needs to test for its end. */
const PADDING = 8;
/** Buffers above this size are given back after use, so that one huge file does not stay in memory. */
const KEPT_BYTES = 4 << 20;

/** Growable arrays kept between calls: {@link lex} copies the exact part out. */
class Scanner {
  private text = new Uint8Array(1 << 16);
  private length = 0;

  private count = 0;
  private kind = new Uint8Array(1 << 14);
  private start = new Uint32Array(1 << 14);
  private end = new Uint32Array(1 << 14);
  private symbol = new Uint32Array(1 << 14);

  private directiveCount = 0;
  private directiveKind = new Uint8Array(1 << 8);
  private directiveStart = new Uint32Array(1 << 8);
  private directiveArgument = new Uint32Array(1 << 8);
  private directiveEnd = new Uint32Array(1 << 8);
  private directiveToken = new Uint32Array(1 << 8);

  /** Fills the arrays. Hot: one switch per token, all state in locals. */
  scan(bytes: Uint8Array, interner: NameSource, vocabulary: Vocabulary, macroBody: boolean): void {
    this.load(bytes);
    const { text, length } = this;
    const { keywords, keywordLimit } = vocabulary;
    let { kind, start, end, symbol } = this;
    let count = 1;
    let at = length >= 3 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;

    while (at < length) {
      if (count + 2 >= kind.length) {
        this.growTokens();
        ({ kind, start, end, symbol } = this);
      }
      const byte = text[at]!;
      const from = at;
      let token: number;
      switch (CHAR_CLASS[byte]) {
        case CharClass.Space:
        case CharClass.NewLine:
          at++;
          continue;
        case CharClass.NameStart: {
          let hash = 0;
          let next = byte;
          do {
            hash = hashStep(hash, next);
            next = text[++at]!;
          } while (IN_NAME[next] === 1);
          if (next === BACKSLASH && this.splicedName(at)) {
            at = this.nameEnd(from);
            const name = this.unspliced(from, at);
            const id = interner.intern(name);
            symbol[count] = id;
            token = id < keywordLimit ? keywords[id]! : TokenKind.Identifier;
            break;
          }
          if ((next === QUOTE || next === APOSTROPHE) && isLiteralPrefix(text, from, at)) {
            at = this.literalEnd(at, next);
            token = next === QUOTE ? TokenKind.String : TokenKind.Char;
            symbol[count] = 0;
            break;
          }
          const id = interner.internBytes(text, from, at, hash);
          symbol[count] = id;
          token = id < keywordLimit ? keywords[id]! : TokenKind.Identifier;
          break;
        }
        case CharClass.Digit:
          at = numberEnd(text, at);
          token = TokenKind.Number;
          symbol[count] = 0;
          break;
        case CharClass.Single:
          at++;
          token = SINGLE_KIND[byte]!;
          symbol[count] = 0;
          break;
        case CharClass.Operator: {
          const next = text[++at]!;
          symbol[count] = 0;
          if (next === EQUAL) {
            at++;
            token = OPERATOR_ASSIGN[byte]!;
          } else if (next === byte && OPERATOR_TWICE[byte] !== 0) {
            at++;
            token = OPERATOR_TWICE[byte]!;
            if ((byte === LESS || byte === GREATER) && text[at] === EQUAL) {
              at++;
              token = byte === LESS ? TokenKind.ShiftLeftAssign : TokenKind.ShiftRightAssign;
            }
          } else if (byte === MINUS && next === GREATER) {
            at++;
            token = TokenKind.Arrow;
          } else {
            token = OPERATOR_KIND[byte]!;
          }
          break;
        }
        case CharClass.Quote:
          at = this.literalEnd(at, QUOTE);
          token = TokenKind.String;
          symbol[count] = 0;
          break;
        case CharClass.Apostrophe:
          at = this.literalEnd(at, APOSTROPHE);
          token = TokenKind.Char;
          symbol[count] = 0;
          break;
        case CharClass.Dot:
          symbol[count] = 0;
          if (CHAR_CLASS[text[at + 1]!] === CharClass.Digit) {
            at = numberEnd(text, at);
            token = TokenKind.Number;
          } else if (text[at + 1] === DOT && text[at + 2] === DOT) {
            at += 3;
            token = TokenKind.Ellipsis;
          } else {
            at++;
            token = TokenKind.Dot;
          }
          break;
        case CharClass.Slash: {
          const next = text[at + 1]!;
          if (next === STAR) {
            at = this.commentEnd(at + 2);
            continue;
          }
          if (next === SLASH) {
            at = this.lineCommentEnd(at + 2);
            continue;
          }
          symbol[count] = 0;
          at++;
          token = TokenKind.Slash;
          if (next === EQUAL) {
            at++;
            token = TokenKind.SlashAssign;
          }
          break;
        }
        case CharClass.Hash:
          symbol[count] = 0;
          if (macroBody) {
            at++;
            token = TokenKind.Hash;
            if (text[at] === HASH) {
              at++;
              token = TokenKind.HashHash;
            }
            break;
          }
          if (this.startsLine(at, end[count - 1]!)) {
            at = this.directive(at, count, interner, vocabulary);
            continue;
          }
          at++;
          token = TokenKind.Hash;
          if (text[at] === HASH) {
            at++;
            token = TokenKind.HashHash;
          }
          break;
        case CharClass.Backslash: {
          const spliced = spliceEnd(text, at);
          if (spliced !== at) {
            at = spliced;
            continue;
          }
          at++;
          token = TokenKind.Unknown;
          symbol[count] = 0;
          break;
        }
        default:
          at++;
          // A run of stray bytes is one token: a file of garbage stays small.
          while (at < length && CHAR_CLASS[text[at]!] === CharClass.Unknown) at++;
          token = TokenKind.Unknown;
          symbol[count] = 0;
      }
      kind[count] = token;
      start[count] = from;
      end[count] = at > length ? length : at;
      count++;
    }
    kind[count] = TokenKind.Eof;
    start[count] = length;
    end[count] = length;
    symbol[count] = 0;
    this.count = count + 1;
  }

  /** The exact part of the arrays as immutable values. */
  take(over: LexResult | undefined): LexResult {
    const { count, directiveCount } = this;
    const tokens: Tokens = {
      count,
      kind: headOf(this.kind, count, over?.tokens.kind),
      start: headOf(this.start, count, over?.tokens.start),
      end: headOf(this.end, count, over?.tokens.end),
      symbol: headOf(this.symbol, count, over?.tokens.symbol),
    };
    const directives: Directives = {
      count: directiveCount,
      kind: headOf(this.directiveKind, directiveCount, over?.directives.kind),
      start: headOf(this.directiveStart, directiveCount, over?.directives.start),
      argument: headOf(this.directiveArgument, directiveCount, over?.directives.argument),
      end: headOf(this.directiveEnd, directiveCount, over?.directives.end),
      token: headOf(this.directiveToken, directiveCount, over?.directives.token),
    };
    if (this.text.length > KEPT_BYTES) this.release();
    return { tokens, directives };
  }

  /** The arrays themselves, until the next text comes. */
  view(): LexResult {
    const { count, directiveCount } = this;
    const tokens: Tokens = { count, kind: this.kind, start: this.start, end: this.end, symbol: this.symbol };
    const directives: Directives = {
      count: directiveCount,
      kind: this.directiveKind,
      start: this.directiveStart,
      argument: this.directiveArgument,
      end: this.directiveEnd,
      token: this.directiveToken,
    };
    if (this.text.length > KEPT_BYTES) this.release();
    return { tokens, directives };
  }

  private load(bytes: Uint8Array): void {
    const length = bytes.length;
    if (this.text.length < length + PADDING) this.text = new Uint8Array(Math.max(length + PADDING, this.text.length * 2));
    this.text.set(bytes);
    this.text.fill(0, length, length + PADDING);
    this.length = length;
    this.directiveCount = 0;
    this.kind[0] = TokenKind.Eof;
    this.start[0] = 0;
    this.end[0] = 0;
    this.symbol[0] = 0;
  }

  private release(): void {
    this.text = new Uint8Array(1 << 16);
    this.kind = new Uint8Array(1 << 14);
    this.start = new Uint32Array(1 << 14);
    this.end = new Uint32Array(1 << 14);
    this.symbol = new Uint32Array(1 << 14);
  }

  private growTokens(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, size);
    this.start = grown(this.start, size);
    this.end = grown(this.end, size);
    this.symbol = grown(this.symbol, size);
  }

  /** Offset behind the closing quote; a literal that is not closed ends at its line's end. */
  private literalEnd(at: number, quote: number): number {
    const { text, length } = this;
    for (at++; at < length; ) {
      const byte = text[at]!;
      if (byte === quote) return at + 1;
      if (byte === LF) return at;
      if (byte === BACKSLASH) {
        const spliced = spliceEnd(text, at);
        at = spliced === at ? at + 2 : spliced;
      } else at++;
    }
    return length;
  }

  private commentEnd(at: number): number {
    const { text, length } = this;
    while (at < length) {
      if (text[at++] === STAR && text[at] === SLASH) return at + 1;
    }
    return length;
  }

  private lineCommentEnd(at: number): number {
    const { text, length } = this;
    while (at < length) {
      const byte = text[at]!;
      if (byte === LF) return at;
      const spliced = byte === BACKSLASH ? spliceEnd(text, at) : at;
      at = spliced === at ? at + 1 : spliced;
    }
    return length;
  }

  /** True when nothing but white space and comments lies between the line's start and a `#`. */
  private startsLine(at: number, previousEnd: number): boolean {
    const { text } = this;
    let back = at - 1;
    while (back >= 0 && (text[back] === 32 || text[back] === TAB)) back--;
    if (back < 0 || text[back] === LF) return true;
    const floor = this.directiveCount > 0 ? Math.max(previousEnd, this.directiveEnd[this.directiveCount - 1]!) : previousEnd;
    while (back >= floor && text[back] !== LF) back--;
    return back >= floor || floor === 0;
  }

  /** Records the directive that starts at `hash`; returns the offset behind it. */
  private directive(hash: number, token: number, interner: NameSource, vocabulary: Vocabulary): number {
    const { text, length } = this;
    let at = this.skipBlanks(hash + 1);
    const word = at;
    let folded = 0;
    while (IN_NAME[text[at]!] === 1) folded = hashStep(folded, text[at++]!);
    const id = at > word ? interner.internBytes(text, word, at, folded) : 0;
    const index = this.directiveCount++;
    if (index === this.directiveKind.length) this.growDirectives();
    this.directiveKind[index] = id < vocabulary.keywordLimit ? vocabulary.directives[id]! : DirectiveKind.Other;
    this.directiveStart[index] = hash;
    this.directiveArgument[index] = Math.min(at, length);
    this.directiveToken[index] = token;
    const end = this.lineEnd(at);
    this.directiveEnd[index] = end;
    return end;
  }

  /** Offset of the line feed that ends a logical line: continuations, comments and literals are passed over. */
  private lineEnd(at: number): number {
    const { text, length } = this;
    while (at < length) {
      const byte = text[at]!;
      if (byte === LF) return at > 0 && text[at - 1] === CR ? at - 1 : at;
      if (byte === BACKSLASH) {
        const spliced = spliceEnd(text, at);
        at = spliced === at ? at + 1 : spliced;
      } else if (byte === QUOTE || byte === APOSTROPHE) {
        at = this.literalEnd(at, byte);
      } else if (byte === SLASH && text[at + 1] === STAR) {
        at = this.commentEnd(at + 2);
      } else if (byte === SLASH && text[at + 1] === SLASH) {
        at = this.lineCommentEnd(at + 2);
      } else at++;
    }
    return length;
  }

  private skipBlanks(at: number): number {
    const { text } = this;
    for (;;) {
      const byte = text[at]!;
      if (byte === 32 || byte === TAB) at++;
      else if (byte === BACKSLASH && spliceEnd(text, at) !== at) at = spliceEnd(text, at);
      else if (byte === SLASH && text[at + 1] === STAR) at = this.commentEnd(at + 2);
      else return at;
    }
  }

  private growDirectives(): void {
    const size = this.directiveKind.length * 2;
    this.directiveKind = grown(this.directiveKind, size);
    this.directiveStart = grown(this.directiveStart, size);
    this.directiveArgument = grown(this.directiveArgument, size);
    this.directiveEnd = grown(this.directiveEnd, size);
    this.directiveToken = grown(this.directiveToken, size);
  }

  /** True when a name goes on behind the line continuation at `at`. */
  private splicedName(at: number): boolean {
    const next = spliceEnd(this.text, at);
    return next !== at && IN_NAME[this.text[next]!] === 1;
  }

  private nameEnd(at: number): number {
    const { text } = this;
    for (;;) {
      while (IN_NAME[text[at]!] === 1) at++;
      if (text[at] !== BACKSLASH || !this.splicedName(at)) return at;
      at = spliceEnd(text, at);
    }
  }

  private unspliced(from: number, to: number): string {
    let name = '';
    for (let at = from; at < to; at++) if (IN_NAME[this.text[at]!] === 1) name += String.fromCharCode(this.text[at]!);
    return name;
  }
}

const scanner = new Scanner();
