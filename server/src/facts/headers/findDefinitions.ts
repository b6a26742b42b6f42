import { closingBracket } from '../../syntax/brackets';
import { TokenKind, type Tokens } from '../../syntax/tokens';

export type DefinitionKind =
  /** `struct NAME { … }` and `union NAME { … }`, from the first word to behind the attributes that follow the brace. */
  | 'record'
  /** A whole typedef declaration. */
  | 'typedef'
  /** The enum that an enumerator stands in. */
  | 'enumerator'
  /** `DEFINE_GUARD(NAME, …)` and its kin. */
  | 'guard';

/** Takes a definition that was found: the token of the name, and the bytes of the definition. */
export type DefinitionSink = (kind: DefinitionKind, name: number, start: number, end: number) => void;

const LETTER_D = 68;
const decoder = new TextDecoder('latin1');

/** Words between `struct` and its brace are few: attributes and the tag. */
const MAX_HEAD = 24;

/** Finds definitions by their words, without parsing; all branches of `#if` are seen. */
export function findDefinitions(bytes: Uint8Array, tokens: Tokens, sink: DefinitionSink): void {
  new Finder(bytes, tokens, sink).run();
}

class Finder {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly tokens: Tokens,
    private readonly sink: DefinitionSink,
  ) {}

  run(): void {
    const { kind, count } = this.tokens;
    for (let token = 1; token < count; token++) {
      switch (kind[token]) {
        case TokenKind.Struct:
        case TokenKind.Union:
          this.record(token);
          break;
        case TokenKind.Enum:
          this.enumeration(token);
          break;
        case TokenKind.Typedef:
          this.typedef(token);
          break;
        case TokenKind.Identifier:
          if (kind[token + 1] === TokenKind.LParen && this.bytes[this.tokens.start[token]!] === LETTER_D) this.guard(token);
      }
    }
  }

  private guard(token: number): void {
    const { kind, count, start, end } = this.tokens;
    const word = decoder.decode(this.bytes.subarray(start[token]!, end[token]!));
    if (!/^DEFINE_(LOCK_)?GUARD(_[01])?$/.test(word) || kind[token + 2] !== TokenKind.Identifier) return;
    const close = closingBracket(kind, token + 1, count);
    if (close !== 0) this.note('guard', token + 2, token, close + 1);
  }

  private record(token: number): void {
    const brace = this.braceBehind(token);
    if (brace === 0) return;
    const tag = this.tagBefore(brace, token);
    if (tag !== 0) this.note('record', tag, token, this.declarationEnd(brace));
  }

  private enumeration(token: number): void {
    const { kind } = this.tokens;
    const brace = this.braceBehind(token);
    if (brace === 0) return;
    const close = this.closing(brace);
    let depth = 0;
    for (let at = brace + 1; at < close; at++) {
      if (kind[at] === TokenKind.LParen || kind[at] === TokenKind.LBrace) depth++;
      else if (kind[at] === TokenKind.RParen || kind[at] === TokenKind.RBrace) depth--;
      const before = kind[at - 1];
      // Behind a directive the word before is that of another line: a name that starts a line is an enumerator too.
      if (depth === 0 && kind[at] === TokenKind.Identifier && (before === TokenKind.Comma || before === TokenKind.LBrace))
        this.note('enumerator', at, token, close + 1);
    }
  }

  private typedef(token: number): void {
    const { kind, count } = this.tokens;
    let depth = 0;
    let name = 0;
    let pointer = 0;
    let end = token;
    for (let at = token + 1; at < count; at++) {
      const of = kind[at]!;
      if (of === TokenKind.LBrace || of === TokenKind.LParen || of === TokenKind.LBracket) {
        if (of === TokenKind.LParen && depth === 0 && kind[at + 1] === TokenKind.Star) pointer ||= this.pointerName(at);
        depth++;
      } else if (of === TokenKind.RBrace || of === TokenKind.RParen || of === TokenKind.RBracket) {
        depth--;
      } else if (depth === 0 && of === TokenKind.Semicolon) {
        end = at + 1;
        break;
      } else if (depth === 0 && of === TokenKind.Identifier && !(name !== 0 && kind[at + 1] === TokenKind.LParen)) {
        name = at;
      }
    }
    if (pointer !== 0) name = pointer;
    if (name !== 0 && end > token) this.note('typedef', name, token, end);
  }

  /** The name in `(*name)(…)`. */
  private pointerName(open: number): number {
    const { kind } = this.tokens;
    let at = open + 1;
    while (kind[at] === TokenKind.Star || kind[at] === TokenKind.Const) at++;
    return kind[at] === TokenKind.Identifier ? at : 0;
  }

  private braceBehind(token: number): number {
    const { kind, count } = this.tokens;
    let depth = 0;
    for (let at = token + 1; at < Math.min(count, token + MAX_HEAD); at++) {
      const of = kind[at];
      if (of === TokenKind.LBrace && depth === 0) return at;
      if (of === TokenKind.LParen) depth++;
      else if (of === TokenKind.RParen) depth--;
      else if (depth === 0 && of !== TokenKind.Identifier && of !== TokenKind.Attribute) return 0;
      if (depth < 0) return 0;
    }
    return 0;
  }

  /** The last name in front of the brace that is not the name of an attribute with arguments. */
  private tagBefore(brace: number, token: number): number {
    const { kind } = this.tokens;
    for (let at = brace - 1; at > token; at--) if (kind[at] === TokenKind.Identifier && kind[at - 1] !== TokenKind.LParen) return at;
    return 0;
  }

  /** The brace that closes the one at `open`, or the last token. */
  private closing(open: number): number {
    const { kind, count } = this.tokens;
    return closingBracket(kind, open, count) || count - 1;
  }

  /** The token of the semicolon behind a body: attributes and declared names stand before it. */
  private declarationEnd(brace: number): number {
    const { kind, count } = this.tokens;
    const close = this.closing(brace);
    let depth = 0;
    for (let at = close + 1; at < Math.min(count, close + MAX_HEAD); at++) {
      if (kind[at] === TokenKind.LParen) depth++;
      else if (kind[at] === TokenKind.RParen) depth--;
      else if (depth === 0 && (kind[at] === TokenKind.Semicolon || kind[at] === TokenKind.Assign)) return at;
    }
    return close + 1;
  }

  /** Notes what stands from a token to the last one before another. */
  private note(kind: DefinitionKind, name: number, from: number, to: number): void {
    const { start, end } = this.tokens;
    this.sink(kind, name, start[from]!, end[Math.max(to - 1, from)]!);
  }
}
