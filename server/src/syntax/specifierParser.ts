import { InitializerParser } from './initializerParser';
import { DeclFlag, NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';
import { MAX_NAMES, TypeGuess } from './typeLookahead';
import { Trait } from './vocabulary';

/** Specifiers of a declaration: storage, qualifiers, the type, and the annotation words around them. */
export abstract class SpecifierParser extends InitializerParser {
  protected abstract parseMember(): number;

  /** Reads specifiers up to the first declarator; the node is empty when there are none. */
  protected parseSpecifiers(): number {
    const { kind, tree } = this;
    const node = tree.add(NodeKind.Specifiers, 0, this.pos, this.pos);
    let aux = 0;
    let tail = 0;
    let typed = false;
    for (;;) {
      const position = this.pos;
      const token = kind[position]!;
      const flag = specifierFlag(token);
      if (flag >= 0) {
        aux |= flag;
        this.pos++;
        if (token === TokenKind.Signed || token === TokenKind.Unsigned || token === TokenKind.BasicType || token === TokenKind.AutoType) {
          typed = true;
          if (tree.tok[node] === 0) tree.tok[node] = position;
        }
        continue;
      }
      let child = 0;
      switch (token) {
        case TokenKind.Struct:
        case TokenKind.Union:
          child = this.parseStruct();
          typed = true;
          break;
        case TokenKind.Enum:
          child = this.parseEnum();
          typed = true;
          break;
        case TokenKind.Typeof:
          child = this.parseTypeof();
          typed = true;
          break;
        case TokenKind.Attribute:
          tail = this.parseGnuAttributes(node, tail);
          continue;
        case TokenKind.Identifier:
          if (this.isAnnotation(position)) {
            if (this.symbol[position] === this.weakSymbol) aux |= DeclFlag.Weak;
            tail = this.parseAnnotation(node, tail);
            continue;
          }
          if (this.annotatesByPlace(typed)) {
            this.pos++;
            continue;
          }
          if (typed || (kind[position + 1] === TokenKind.LParen && !this.isDeclaratorParen(position + 1))) break;
          child = tree.leaf(NodeKind.TypeRef, this.pos++);
          typed = true;
          break;
      }
      if (child === 0) break;
      tail = tree.append(node, tail, child);
      if (tree.tok[node] === 0) tree.tok[node] = position;
      if (this.trouble !== 0) break;
    }
    tree.aux[node] = aux;
    tree.end[node] = this.pos;
    return node;
  }

  /** Symbol of `__weak`. */
  protected abstract readonly weakSymbol: number;

  /** True when the specifiers name a type. */
  protected hasType(specifiers: number): boolean {
    return this.tree.tok[specifiers] !== 0;
  }

  /** `type (*name)(…)`, `type (name)(…)`: the parenthesis belongs to a declarator, not to a macro's call. */
  private isDeclaratorParen(open: number): boolean {
    const { kind } = this;
    if (this.stream.touchesPrevious(open)) return kind[open + 1] === TokenKind.Star && kind[open + 2] === TokenKind.RParen;
    return kind[open + 1] === TokenKind.Star || kind[open + 1] === TokenKind.Caret;
  }

  /** Whether the name at the cursor is an unknown annotation, judged by the names behind it. */
  private annotatesByPlace(typed: boolean): boolean {
    const { kind, pos } = this;
    const following = kind[pos + 1]!;
    const role = TOKEN_ROLE[following]!;
    if (!typed && following !== TokenKind.Attribute && (role & (Role.Type | Role.Storage)) !== 0) {
      return (role & Role.Qualifier) === 0 || this.typeFollowsQualifiers(pos + 1);
    }
    if (following !== TokenKind.Identifier) {
      return typed && (following === TokenKind.Star || ((role & Role.Type) !== 0 && following !== TokenKind.Attribute));
    }
    let names = 1;
    let at = pos + 1;
    let last = pos;
    for (; kind[at] === TokenKind.Identifier && names < MAX_NAMES; at++) {
      if (this.isAnnotation(at)) {
        if (kind[at + 1] === TokenKind.LParen) at = this.parenEnd(at + 1);
        continue;
      }
      if (this.trailsAsAnnotation(last, at)) continue;
      names++;
      last = at;
    }
    // The last name is declared and the one before it is its type, unless stars follow: then the last one is the type.
    const kept = typed ? (kind[at] === TokenKind.Star ? 0 : 1) : kind[at] === TokenKind.Star ? 1 : 2;
    return names > kept;
  }

  /** `int x NOTE;`, `int x NOTE(".section")`: a word in capitals behind the declared name. */
  private trailsAsAnnotation(name: number, word: number): boolean {
    const { kind } = this;
    const following = kind[word + 1];
    const ends = following === TokenKind.Semicolon || following === TokenKind.Assign || following === TokenKind.LBrace;
    if (!ends && !(following === TokenKind.LParen && kind[word + 2] === TokenKind.String)) return false;
    return (this.traits(word) & Trait.Upper) !== 0 && (this.traits(name) & Trait.Upper) === 0;
  }

  private typeFollowsQualifiers(at: number): boolean {
    const { kind } = this;
    while ((TOKEN_ROLE[kind[at]!]! & Role.Qualifier) !== 0) at++;
    if ((TOKEN_ROLE[kind[at]!]! & Role.Type) !== 0) return true;
    return kind[at] === TokenKind.Identifier && (kind[at + 1] === TokenKind.Star || kind[at + 1] === TokenKind.Identifier);
  }

  /** The position of the `)` for an annotation's `(`; the position itself when it is not closed. */
  private parenEnd(open: number): number {
    const close = this.matchingParen(open);
    return close === 0 ? open : close;
  }

  /** An annotation word with its arguments; those that matter become Attribute nodes. */
  protected parseAnnotation(parent: number, tail: number): number {
    const { kind, tree } = this;
    const word = this.pos;
    const keeps = (this.listedTraits(word) & Trait.Attribute) !== 0;
    this.pos++;
    if (!keeps) {
      if (kind[this.pos] === TokenKind.LParen && this.takesArguments(word)) this.skipBalanced();
      return tail;
    }
    const node = tree.add(NodeKind.Attribute, word, word, 0);
    if (kind[this.pos] === TokenKind.LParen && this.takesArguments(word)) {
      const open = this.pos++;
      if (kind[this.pos] === TokenKind.RParen) this.pos++;
      else this.parseArguments(node, 0, open);
    }
    tree.end[node] = this.pos;
    return tree.append(parent, tail, node);
  }

  /** `__init (*fn)(void)` declares a pointer; all other parentheses behind an annotation are its arguments. */
  private takesArguments(word: number): boolean {
    return !this.isFunctionPointer(word + 1) && !(this.kind[word + 2] === TokenKind.Star && this.kind[word + 3] === TokenKind.RParen);
  }

  /** `__attribute__((a, b(c)))`: an Attribute node for each. */
  protected parseGnuAttributes(parent: number, tail: number): number {
    const { kind, tree } = this;
    const open = ++this.pos;
    if (kind[open] !== TokenKind.LParen) {
      this.fail();
      return tail;
    }
    let last = tail;
    this.pos++;
    if (kind[this.pos] === TokenKind.LParen) this.pos++;
    for (;;) {
      const word = this.pos;
      const token = kind[word]!;
      if (token === TokenKind.Comma) {
        this.pos++;
        continue;
      }
      if (token !== TokenKind.Identifier && token < TokenKind.FirstKeyword) break;
      this.pos++;
      const node = tree.add(NodeKind.Attribute, word, word, 0);
      if (kind[this.pos] === TokenKind.LParen) {
        const paren = this.pos++;
        if (kind[this.pos] === TokenKind.RParen) this.pos++;
        else this.parseArguments(node, 0, paren);
      }
      tree.end[node] = this.pos;
      last = tree.append(parent, last, node);
      if (this.trouble !== 0) break;
    }
    if (kind[this.pos] === TokenKind.RParen && kind[open + 1] === TokenKind.LParen) this.pos++;
    this.closeParen(open);
    return last;
  }

  private parseTypeof(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const open = this.pos;
    const node = tree.add(NodeKind.TypeofSpec, word, word, 0);
    if (kind[open] === TokenKind.LParen) {
      this.pos++;
      const guess = this.guessType(open + 1);
      const typed = guess === TypeGuess.Certain || (guess === TypeGuess.SingleName && this.isTypeName(open + 1));
      tree.setChild(node, typed ? this.parseTypeName() : this.parseExpression());
      this.closeParen(open);
    } else this.fail();
    tree.end[node] = this.pos;
    return node;
  }

  private parseStruct(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const node = tree.add(NodeKind.StructSpec, 0, word, 0);
    let aux = kind[word] === TokenKind.Union ? DeclFlag.Union : 0;
    // Attributes in front of the tag are kept back: the members come first in the list of children.
    const holder = tree.add(NodeKind.None, 0, word, word);
    let attributeTail = this.parseTagAttributes(holder, 0);
    if (kind[this.pos] === TokenKind.Identifier) {
      // `union NOTE tag {`: an annotation that is not known.
      if (kind[this.pos + 1] === TokenKind.Identifier && kind[this.pos + 2] === TokenKind.LBrace) this.pos++;
      tree.tok[node] = this.pos++;
      // `struct NAME_OF(3) {`: a macro makes the tag.
      if (kind[this.pos] === TokenKind.LParen && this.stream.touchesPrevious(this.pos) && kind[this.pos + 1] !== TokenKind.Star)
        this.skipBalanced();
      attributeTail = this.parseTagAttributes(holder, attributeTail);
    }
    let tail = 0;
    if (kind[this.pos] === TokenKind.LBrace && this.depth >= MAX_DEPTH) {
      this.failTooDeep();
    } else if (kind[this.pos] === TokenKind.LBrace) {
      aux |= DeclFlag.Body;
      tail = this.parseMembers(node);
      attributeTail = this.parseTagAttributes(holder, attributeTail);
    }
    if (attributeTail !== 0) tree.append(node, tail, tree.child[holder]!);
    tree.aux[node] = aux;
    tree.end[node] = this.pos;
    return node;
  }

  /** Attributes around a tag; other words stay, they are the tag or the declared name. */
  private parseTagAttributes(holder: number, tail: number): number {
    const { kind } = this;
    for (;;) {
      if (kind[this.pos] === TokenKind.Attribute) tail = this.parseGnuAttributes(holder, tail);
      else if (this.isAnnotation(this.pos)) tail = this.parseAnnotation(holder, tail);
      else return tail;
      if (this.trouble !== 0) return tail;
    }
  }

  private parseMembers(node: number): number {
    const { kind, tree } = this;
    const close = this.enterBraces();
    let tail = 0;
    this.pos++;
    this.depth++;
    while (kind[this.pos] !== TokenKind.RBrace && kind[this.pos] !== TokenKind.Eof) {
      const before = this.pos;
      const member = this.parseMember();
      if (member !== 0) tail = tree.append(node, tail, member);
      if (this.pos === before) this.pos++;
    }
    this.depth--;
    this.leaveBraces(close);
    return tail;
  }

  private parseEnum(): number {
    const { kind, tree } = this;
    const word = this.pos++;
    const node = tree.add(NodeKind.EnumSpec, 0, word, 0);
    const holder = tree.add(NodeKind.None, 0, word, word);
    this.parseTagAttributes(holder, 0);
    if (kind[this.pos] === TokenKind.Identifier) tree.tok[node] = this.pos++;
    if (kind[this.pos] === TokenKind.LBrace) {
      tree.aux[node] = DeclFlag.Body;
      const close = this.enterBraces();
      this.pos++;
      this.parseEnumerators(node);
      this.leaveBraces(close);
      this.parseTagAttributes(holder, 0);
    }
    tree.end[node] = this.pos;
    return node;
  }

  private parseEnumerators(node: number): void {
    const { kind, tree } = this;
    let tail = 0;
    for (;;) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Comma) this.pos++;
      else if (token === TokenKind.Identifier) {
        const name = this.pos++;
        const enumerator = tree.add(NodeKind.Enumerator, name, name, 0);
        // X-macros: `ENTRY(a, b)` stands for one or more enumerators.
        if (kind[this.pos] === TokenKind.LParen) this.skipBalanced();
        while (this.isAnnotation(this.pos)) this.parseAnnotation(enumerator, 0);
        tree.child[enumerator] = 0;
        if (kind[this.pos] === TokenKind.Assign) {
          this.pos++;
          tree.setChild(enumerator, this.parseConditional());
        }
        tree.end[enumerator] = this.pos;
        tail = tree.append(node, tail, enumerator);
      } else if (token === TokenKind.Semicolon && kind[this.pos + 1] === TokenKind.RBrace) this.pos++;
      else if (token === TokenKind.RBrace || token === TokenKind.Eof) return;
      else this.skipToComma();
      if (this.trouble !== 0) this.skipToComma();
    }
  }
}

/** The flags of a one-token specifier, or -1 for other tokens. */
function specifierFlag(token: number): number {
  switch (token) {
    case TokenKind.Static:
      return DeclFlag.Static;
    case TokenKind.Extern:
      return DeclFlag.Extern;
    case TokenKind.Typedef:
      return DeclFlag.Typedef;
    case TokenKind.Inline:
      return DeclFlag.Inline;
    case TokenKind.Const:
      return DeclFlag.Const;
    case TokenKind.Volatile:
      return DeclFlag.Volatile;
    case TokenKind.Unsigned:
      return DeclFlag.Unsigned;
    case TokenKind.Signed:
      return DeclFlag.Signed;
    case TokenKind.BasicType:
    case TokenKind.AutoType:
    case TokenKind.Register:
    case TokenKind.Auto:
    case TokenKind.Restrict:
    case TokenKind.Extension:
      return 0;
    default:
      return -1;
  }
}
