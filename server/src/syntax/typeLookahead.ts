import { ParserCore } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';
import { Trait } from './vocabulary';

/** More names in a row are no declaration and no literal with macros in it. */
export const MAX_NAMES = 24;

/** How sure it is that a type stands between parentheses. */
export const enum TypeGuess {
  No = 0,
  /** Tokens that only a type can have: a keyword, `x *)`. */
  Certain,
  /** `(name)`: decided by the name and by what follows. */
  SingleName,
}

/**
 * Tells types from expressions without a symbol table, by bounded looking ahead: keywords, the shape of the tokens, the
 * spelling of names, and the typedefs seen earlier in the file.
 */
export abstract class TypeLookahead extends ParserCore {
  /** Names this file has declared by typedef. */
  protected readonly localTypes = new Set<number>();

  /** True for names that are types by spelling or by a typedef of this file. */
  protected isTypeName(position: number): boolean {
    return (this.traits(position) & Trait.Type) !== 0 || this.localTypes.has(this.symbol[position]!);
  }

  protected isAnnotation(position: number): boolean {
    return this.kind[position] === TokenKind.Identifier && (this.listedTraits(position) & Trait.Annotation) !== 0;
  }

  /** Whether the tokens from `at` to the next `)` are a type; `at` is the position behind a `(`. */
  protected guessType(at: number): TypeGuess {
    const { kind } = this;
    const token = kind[at]!;
    if ((TOKEN_ROLE[token]! & Role.Type) !== 0) return TypeGuess.Certain;
    if (token !== TokenKind.Identifier) return TypeGuess.No;
    switch (kind[at + 1]) {
      case TokenKind.RParen:
        return TypeGuess.SingleName;
      case TokenKind.Star:
        return kind[this.skipPointers(at + 1)] === TokenKind.RParen ? TypeGuess.Certain : TypeGuess.No;
      case TokenKind.Const:
      case TokenKind.Volatile:
        return TypeGuess.Certain;
      case TokenKind.Identifier:
        return this.isAnnotation(at) || this.isAnnotation(at + 1) ? TypeGuess.Certain : this.guessNamePair(at);
      case TokenKind.LParen:
        return kind[at + 2] === TokenKind.Star && kind[at + 3] === TokenKind.RParen ? TypeGuess.Certain : TypeGuess.No;
      case TokenKind.LBracket:
        return this.guessArray(at + 1);
      default:
        return (TOKEN_ROLE[kind[at + 1]!]! & Role.Type) !== 0 ? TypeGuess.Certain : TypeGuess.No;
    }
  }

  /** `(NOTE type *)`: a word this parser does not know in front of a type. */
  private guessNamePair(at: number): TypeGuess {
    return this.kind[this.skipPointers(at + 2)] === TokenKind.RParen ? TypeGuess.Certain : TypeGuess.No;
  }

  /** `(u8 []) {` and `(u8 [4]) {` */
  private guessArray(bracket: number): TypeGuess {
    const { kind } = this;
    if (kind[bracket + 1] === TokenKind.RBracket) return TypeGuess.Certain;
    const literal =
      kind[bracket + 2] === TokenKind.RBracket && kind[bracket + 3] === TokenKind.RParen && kind[bracket + 4] === TokenKind.LBrace;
    return literal ? TypeGuess.Certain : TypeGuess.No;
  }

  /** The position behind stars, qualifiers and annotation words. */
  protected skipPointers(at: number): number {
    for (;;) {
      const token = this.kind[at]!;
      if (token === TokenKind.Star || (TOKEN_ROLE[token]! & Role.Qualifier) !== 0 || this.isAnnotation(at)) at++;
      else return at;
    }
  }

  /** The position behind a run of names, which is given up when no declaration or literal has so many. */
  protected skipNames(at: number): number {
    const limit = at + MAX_NAMES;
    while (at < limit && this.kind[at] === TokenKind.Identifier) at++;
    return at;
  }

  /** Whether `(name)` is a cast, given the token behind the `)`. */
  protected castsWith(name: number): boolean {
    const token = this.kind[name + 2]!;
    if ((TOKEN_ROLE[token]! & Role.Operand) !== 0) return true;
    switch (token) {
      case TokenKind.LParen:
        // `(name)(unsigned long)x`: no function takes a type.
        return this.isTypeName(name) || this.guessType(name + 3) === TypeGuess.Certain;
      case TokenKind.Star:
      case TokenKind.Amp:
      case TokenKind.AmpAmp:
      case TokenKind.Minus:
      case TokenKind.Plus:
      case TokenKind.PlusPlus:
      case TokenKind.MinusMinus:
        return this.isTypeName(name);
      default:
        return false;
    }
  }

  /** Whether the statement at the cursor, which begins with a name, is a declaration. */
  protected nameStartsDeclaration(): boolean {
    const { kind, pos } = this;
    const token = kind[pos + 1]!;
    switch (token) {
      case TokenKind.Identifier:
        return !this.stream.startsLine(pos + 1) || this.isAnnotation(pos) || this.isTypeName(pos);
      case TokenKind.Star:
        return this.pointerStartsDeclaration(pos + 1);
      case TokenKind.LParen:
        if (this.isAnnotation(pos)) return true;
        return this.isPointerDeclarator(pos + 1) && !this.stream.touchesPrevious(pos + 1);
      default:
        return (TOKEN_ROLE[token]! & (Role.Type | Role.Storage)) !== 0;
    }
  }

  /** `type *name` followed by something that a product would not be followed by in statement position. */
  private pointerStartsDeclaration(star: number): boolean {
    const { kind } = this;
    const name = this.skipPointers(star);
    if (kind[name] === TokenKind.LParen) return this.isFunctionPointer(name);
    if (kind[name] !== TokenKind.Identifier) return false;
    switch (kind[name + 1]) {
      case TokenKind.Semicolon:
      case TokenKind.Assign:
      case TokenKind.Comma:
      case TokenKind.LBracket:
      case TokenKind.Identifier:
      case TokenKind.Attribute:
      case TokenKind.RParen:
        return true;
      case TokenKind.LParen: {
        // A prototype ends behind its parameters, a product goes on or is used.
        const close = this.stream.touchesPrevious(name + 1) ? this.matchingParen(name + 1) : 0;
        return close !== 0 && kind[close + 1] === TokenKind.Semicolon;
      }
      default:
        return false;
    }
  }

  /** `(*name)(` or `(*name[3])(`, from the `(`. */
  protected isFunctionPointer(open: number): boolean {
    const behind = this.behindPointerName(open);
    if (behind === 0) return false;
    if (this.kind[behind] === TokenKind.LBracket) return true;
    return this.kind[behind] === TokenKind.RParen && this.kind[behind + 1] === TokenKind.LParen;
  }

  /** As {@link isFunctionPointer}, and `(*name)[3]`. */
  private isPointerDeclarator(open: number): boolean {
    const behind = this.behindPointerName(open);
    if (behind === 0) return false;
    return this.isFunctionPointer(open) || (this.kind[behind] === TokenKind.RParen && this.kind[behind + 1] === TokenKind.LBracket);
  }

  /** The position behind `(*name`; 0 when something else stands at `open`. */
  private behindPointerName(open: number): number {
    if (this.kind[open] !== TokenKind.LParen || this.kind[open + 1] !== TokenKind.Star) return 0;
    const name = this.skipPointers(open + 1);
    return this.kind[name] === TokenKind.Identifier ? name + 1 : 0;
  }
}
