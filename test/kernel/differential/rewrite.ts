import { Interner } from '../../../server/src/base/interner';
import { BranchReader, type TokenRanges } from '../../../server/src/syntax/branches';
import type { Directives } from '../../../server/src/syntax/directives';
import { lex } from '../../../server/src/syntax/lexer';
import { TokenKind, type Tokens } from '../../../server/src/syntax/tokens';
import { Trait, type Vocabulary, vocabularyOf } from '../../../server/src/syntax/vocabulary';

const interner = new Interner();
const vocabulary = vocabularyOf(interner);
const SPACE = 32;
const LF = 10;
const UNDERSCORE = 95;

/**
 * Kernel C as a C grammar can read it: the same length, so that offsets agree with the original. Directives and the branches that
 * the first reading leaves out are blanked, annotation words are blanked, iterator macros become a padded `while`, and types as
 * arguments of calls inside functions become identifiers. The rules look at tokens only, not at the tree under test.
 */
export function rewrite(bytes: Uint8Array): Uint8Array {
  const { tokens, directives } = lex(bytes, interner, vocabulary);
  const out = bytes.slice();
  const kept = new BranchReader(bytes, directives, tokens.count, undefined).choose(0);
  blankDirectives(out, directives);
  const stream = blankBranches(out, tokens, kept);
  new Rewriter(out, tokens, stream, vocabulary).run();
  return out;
}

function blank(out: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) if (out[at] !== LF) out[at] = SPACE;
}

function blankDirectives(out: Uint8Array, directives: Directives): void {
  for (let i = 0; i < directives.count; i++) blank(out, directives.start[i]!, directives.end[i]!);
}

/** Blanks the tokens outside `kept`; returns the numbers of the others. */
function blankBranches(out: Uint8Array, tokens: Tokens, kept: TokenRanges): readonly number[] {
  const stream: number[] = [];
  let range = 0;
  for (let token = 1; token < tokens.count; token++) {
    while (range < kept.length && kept[range + 1]! <= token) range += 2;
    if (range < kept.length && kept[range]! <= token) stream.push(token);
    else blank(out, tokens.start[token]!, tokens.end[token]!);
  }
  return stream;
}

class Rewriter {
  constructor(
    private readonly out: Uint8Array,
    private readonly tokens: Tokens,
    private readonly stream: readonly number[],
    private readonly words: Vocabulary,
  ) {}

  run(): void {
    let braces = 0;
    for (let at = 0; at < this.stream.length; at++) {
      const kind = this.kind(at);
      if (kind === TokenKind.LBrace) braces++;
      else if (kind === TokenKind.RBrace) braces--;
      else if (kind === TokenKind.Attribute) this.blankTokens(at, this.kind(at + 1) === TokenKind.LParen ? this.matching(at + 1) : at);
      else if (kind === TokenKind.Asm) this.plainAsm(at);
      else if (kind === TokenKind.Typeof && this.kind(at + 1) === TokenKind.LParen) this.typeofAsName(at);
      else if (kind === TokenKind.Identifier) this.identifier(at, braces);
    }
  }

  private identifier(at: number, braces: number): void {
    const traits = this.words.traits(this.tokens.symbol[this.stream[at]!]!);
    const call = this.kind(at + 1) === TokenKind.LParen;
    if ((traits & Trait.Annotation) !== 0) {
      const pointer = this.kind(at + 2) === TokenKind.Star;
      this.blankTokens(at, call && !pointer ? this.matching(at + 1) : at);
      return;
    }
    if (!call || braces === 0) return;
    const close = this.matching(at + 1);
    if (this.startsStatement(at) && this.governs(close + 1, traits)) this.asWhile(at);
    this.typeArguments(at + 1, close);
  }

  /** Whether the tokens in front of a name end a statement or begin one. */
  private startsStatement(at: number): boolean {
    switch (this.kind(at - 1)) {
      case TokenKind.Semicolon:
      case TokenKind.LBrace:
      case TokenKind.RBrace:
      case TokenKind.RParen:
      case TokenKind.Else:
      case TokenKind.Do:
      case TokenKind.Colon:
        return true;
      default:
        return false;
    }
  }

  private governs(next: number, traits: number): boolean {
    const kind = this.kind(next);
    if (kind === TokenKind.LBrace) return true;
    return (traits & Trait.Iterator) !== 0 && kind !== TokenKind.Semicolon && kind !== TokenKind.RParen;
  }

  private asWhile(at: number): void {
    const token = this.stream[at]!;
    const start = this.tokens.start[token]!;
    const end = this.tokens.end[token]!;
    if (end - start < 5) return;
    blank(this.out, start, end);
    for (const [i, char] of [...'while'].entries()) this.out[start + i] = char.charCodeAt(0);
  }

  /** Arguments that consist of type words and stars only: `struct x *` becomes `struct_x__`. */
  private typeArguments(open: number, close: number): void {
    for (let at = open + 1, start = at, depth = 0; at <= close; at++) {
      const kind = this.kind(at);
      if (depth === 0 && (kind === TokenKind.Comma || at === close)) {
        if (this.isType(start, at)) this.asName(start, at - 1);
        start = at + 1;
      } else if (kind === TokenKind.LParen || kind === TokenKind.LBrace || kind === TokenKind.LBracket) depth++;
      else if (kind === TokenKind.RParen || kind === TokenKind.RBrace || kind === TokenKind.RBracket) depth--;
    }
  }

  private isType(from: number, to: number): boolean {
    let keywords = 0;
    let names = 0;
    for (let at = from; at < to; at++) {
      switch (this.kind(at)) {
        case TokenKind.Struct:
        case TokenKind.Union:
        case TokenKind.Enum:
        case TokenKind.Unsigned:
        case TokenKind.Signed:
        case TokenKind.BasicType:
        case TokenKind.Const:
        case TokenKind.Volatile:
          keywords++;
          break;
        case TokenKind.Identifier:
          names++;
          break;
        case TokenKind.Star:
          if (at === from) return false;
          break;
        default:
          return false;
      }
    }
    return keywords > 0 || (names === 1 && to - from > 1);
  }

  /** `typeof(x)` in a declaration or cast reads as a name. */
  private typeofAsName(at: number): void {
    this.asName(at, this.matching(at + 1));
  }

  private asName(from: number, to: number): void {
    const start = this.tokens.start[this.stream[from]!]!;
    const end = this.tokens.end[this.stream[to]!]!;
    for (let at = start; at < end; at++) {
      const byte = this.out[at]!;
      const letter = (byte | 32) >= 97 && (byte | 32) <= 122;
      const digit = byte >= 48 && byte <= 57;
      if (!letter && !digit && byte !== LF) this.out[at] = UNDERSCORE;
    }
    // A type over two lines keeps its line feed and with it stays two names; blank the second.
    const feed = this.out.subarray(start, end).indexOf(LF);
    if (feed >= 0) blank(this.out, start + feed, end);
  }

  /** The grammar knows `asm volatile`, not `asm inline`. */
  private plainAsm(at: number): void {
    for (let next = at + 1; this.kind(next) === TokenKind.Inline; next++) this.blankTokens(next, next);
  }

  private blankTokens(from: number, to: number): void {
    blank(this.out, this.tokens.start[this.stream[from]!]!, this.tokens.end[this.stream[to]!]!);
  }

  private matching(open: number): number {
    let depth = 0;
    for (let at = open; at < this.stream.length; at++) {
      const kind = this.kind(at);
      if (kind === TokenKind.LParen) depth++;
      else if (kind === TokenKind.RParen && --depth === 0) return at;
    }
    return open;
  }

  private kind(at: number): number {
    const token = this.stream[at];
    return token === undefined ? TokenKind.Eof : this.tokens.kind[token]!;
  }
}
