import { DeclFlag, NodeKind } from './nodes';
import { MAX_DEPTH } from './parserCore';
import { SpecifierParser } from './specifierParser';
import { Role, TOKEN_ROLE } from './tokenClasses';
import { TokenKind } from './tokens';

/** Declarators: the name with what it is a pointer to, an array of, or a function returning; and type names. */
export abstract class DeclaratorParser extends SpecifierParser {
  /** A type in a cast, sizeof or macro argument; the name a macro argument may declare is kept in the Declarator. */
  protected parseTypeName(): number {
    const { tree } = this;
    const first = this.pos;
    if (this.depth >= MAX_DEPTH) {
      this.failTooDeep();
      return this.missing();
    }
    this.depth++;
    const specifiers = this.parseSpecifiers();
    const declarator = this.parseDeclarator();
    this.depth--;
    const node = tree.add(NodeKind.TypeName, tree.tok[specifiers]!, first, this.pos);
    tree.child[node] = specifiers;
    tree.next[specifiers] = declarator;
    return node;
  }

  /** A declarator with the attributes behind it, without bit width and initialiser. */
  protected parseDeclarator(): number {
    const { tree } = this;
    const node = tree.add(NodeKind.Declarator, 0, this.pos, 0);
    // Declarators nest through parameters and through types in array sizes.
    const outerHolder = this.attributeHolder;
    const outerTail = this.attributeTail;
    this.attributeHolder = 0;
    const tail = this.parseDerivations(node, 0);
    this.closeDeclarator(node, tail);
    this.attributeHolder = outerHolder;
    this.attributeTail = outerTail;
    return node;
  }

  /** Attributes met inside a declarator; they go behind its derivations. */
  private attributeHolder = 0;
  private attributeTail = 0;

  private closeDeclarator(node: number, tail: number): void {
    const { tree } = this;
    let last = tail;
    if (this.attributeHolder !== 0) {
      tree.append(node, last, tree.child[this.attributeHolder]!);
      last = this.attributeTail;
    }
    this.parseDeclaratorAttributes(node, last);
    tree.end[node] = this.pos;
  }

  /** Links the derivations from the name outwards behind `tail`; returns the new tail. */
  private parseDerivations(node: number, tail: number): number {
    const { kind, tree } = this;
    let pointers = 0;
    let lastPointer = 0;
    for (;;) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Star || token === TokenKind.Caret) {
        const pointer = tree.leaf(NodeKind.Pointer, this.pos++);
        if (pointers === 0) pointers = pointer;
        else tree.next[lastPointer] = pointer;
        lastPointer = pointer;
      } else if ((TOKEN_ROLE[token]! & Role.Qualifier) !== 0) {
        this.pos++;
      } else if (token === TokenKind.Attribute || (token === TokenKind.Identifier && this.isAnnotation(this.pos))) {
        this.parseInnerAttribute();
      } else if (token === TokenKind.Identifier && pointers !== 0 && this.annotatesPointer()) {
        this.pos++;
      } else break;
      if (this.trouble !== 0) break;
    }
    let last = this.parseDirectDeclarator(node, tail);
    if (pointers !== 0) {
      tree.append(node, last, pointers);
      last = lastPointer;
    }
    return last;
  }

  private parseInnerAttribute(): void {
    const { tree } = this;
    if (this.attributeHolder === 0) {
      this.attributeHolder = tree.add(NodeKind.None, 0, this.pos, this.pos);
      this.attributeTail = 0;
    }
    // Arguments of the attribute hold no declarators, so the holder stays the same.
    const holder = this.attributeHolder;
    const before = this.attributeTail;
    const after =
      this.kind[this.pos] === TokenKind.Attribute ? this.parseGnuAttributes(holder, before) : this.parseAnnotation(holder, before);
    this.attributeHolder = after === 0 ? 0 : holder;
    this.attributeTail = after;
  }

  /** `type *NOTE name`: one more name follows. */
  private annotatesPointer(): boolean {
    const { kind, pos } = this;
    if (kind[pos + 1] !== TokenKind.Identifier) return kind[pos + 1] === TokenKind.Star;
    return !this.isAnnotation(pos + 1) && kind[pos + 2] !== TokenKind.Assign && kind[pos + 2] !== TokenKind.Semicolon;
  }

  private parseDirectDeclarator(node: number, tail: number): number {
    const { kind, tree } = this;
    let last = tail;
    if (kind[this.pos] === TokenKind.Identifier) {
      this.nameDeclarator(node);
    } else if (kind[this.pos] === TokenKind.LParen && this.nestsDeclarator(tree.tok[node] === 0)) {
      if (this.depth >= MAX_DEPTH) {
        this.failTooDeep();
        return last;
      }
      const open = this.pos++;
      this.depth++;
      last = this.parseDerivations(node, last);
      this.depth--;
      this.closeParen(open);
    }
    while (this.trouble === 0) {
      const token = kind[this.pos];
      if (token === TokenKind.LBracket) last = tree.append(node, last, this.parseArrayDim());
      else if (token === TokenKind.LParen) last = tree.append(node, last, this.parseParams());
      else break;
    }
    return last;
  }

  /** The declared name; `NAME(make)(int x)` declares what the macro makes, which is called by the name inside. */
  private nameDeclarator(node: number): void {
    const { kind, tree } = this;
    const name = this.pos++;
    tree.tok[node] = name;
    if (kind[this.pos] !== TokenKind.LParen || !this.stream.touchesPrevious(this.pos)) return;
    if (kind[this.pos + 1] !== TokenKind.Identifier) return;
    const close = this.pastPlainArguments(this.pos);
    if (close === 0 || kind[close] !== TokenKind.LParen) return;
    tree.tok[node] = this.pos + 1;
    this.pos = close;
  }

  /** Position behind `(name, name, 3)`; 0 when something else stands there. */
  private pastPlainArguments(open: number): number {
    const { kind } = this;
    let at = open + 1;
    while (kind[at] === TokenKind.Identifier || kind[at] === TokenKind.Comma || kind[at] === TokenKind.Number) at++;
    return kind[at] === TokenKind.RParen ? at + 1 : 0;
  }

  /** Whether the `(` at the cursor is `(*name)`, `(name)`, `((…` rather than a list of parameters. */
  private nestsDeclarator(unnamed: boolean): boolean {
    const { kind, pos } = this;
    switch (kind[pos + 1]) {
      case TokenKind.Star:
      case TokenKind.Caret:
      case TokenKind.LParen:
      case TokenKind.Attribute:
        return true;
      case TokenKind.LBracket:
        return true;
      case TokenKind.Identifier:
        if (kind[pos + 2] === TokenKind.Star || kind[pos + 2] === TokenKind.Identifier) return this.annotatedPointer(pos + 1);
        return (
          unnamed &&
          !this.isTypeName(pos + 1) &&
          (kind[pos + 2] === TokenKind.RParen || kind[pos + 2] === TokenKind.LParen || kind[pos + 2] === TokenKind.LBracket)
        );
      default:
        return false;
    }
  }

  /** `(__user *name)`, `(NOTE *name)(` */
  private annotatedPointer(at: number): boolean {
    const { kind } = this;
    if (this.isAnnotation(at)) return true;
    return (
      kind[at + 1] === TokenKind.Star &&
      kind[at + 2] === TokenKind.Identifier &&
      kind[at + 3] === TokenKind.RParen &&
      kind[at + 4] === TokenKind.LParen
    );
  }

  private parseArrayDim(): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const node = tree.add(NodeKind.ArrayDim, open, open, 0);
    while (kind[this.pos] === TokenKind.Static || (TOKEN_ROLE[kind[this.pos]!]! & Role.Qualifier) !== 0) this.pos++;
    if (kind[this.pos] !== TokenKind.RBracket) {
      this.depth++;
      tree.setChild(node, this.parseAssignment());
      this.depth--;
    }
    this.expect(TokenKind.RBracket);
    tree.end[node] = this.pos;
    return node;
  }

  private parseParams(): number {
    const { kind, tree } = this;
    const open = this.pos++;
    const node = tree.add(NodeKind.FunctionParams, open, open, 0);
    let tail = 0;
    if (this.depth >= MAX_DEPTH) this.failTooDeep();
    this.depth++;
    while (this.trouble === 0 && kind[this.pos] !== TokenKind.RParen) {
      if (kind[this.pos] === TokenKind.Ellipsis) {
        tree.aux[node] = DeclFlag.Ellipsis;
        this.pos++;
      } else if (kind[this.pos] !== TokenKind.Comma) {
        tail = tree.append(node, tail, this.parseParameter());
      }
      if (kind[this.pos] === TokenKind.Comma) this.pos++;
      else if (kind[this.pos] !== TokenKind.RParen) this.fail();
    }
    this.depth--;
    this.closeParams(open);
    tree.end[node] = this.pos;
    return node;
  }

  private closeParams(open: number): void {
    if (this.trouble === 0) {
      this.pos++;
      return;
    }
    if (this.tooDeep) return;
    const close = this.matchingParenInStatement(open);
    if (close < this.pos) return;
    this.report(this.pos, close, 'declaration');
    this.pos = close + 1;
  }

  private parseParameter(): number {
    const { kind, tree } = this;
    const first = this.pos;
    const node = tree.add(NodeKind.Parameter, first, first, 0);
    const specifiers = this.parseSpecifiers();
    tree.child[node] = specifiers;
    if (kind[this.pos] === TokenKind.Identifier && kind[this.pos + 1] === TokenKind.LParen && !this.hasType(specifiers)) {
      // A macro that stands for parameters.
      this.pos++;
      this.skipBalanced();
    }
    tree.setNext(specifiers, this.parseDeclarator());
    tree.end[node] = this.pos;
    if (this.pos === first) this.fail();
    return node;
  }

  /** Attributes and assembler names behind a declarator. */
  protected parseDeclaratorAttributes(node: number, tail: number): void {
    const { kind } = this;
    let last = tail;
    while (this.trouble === 0) {
      const token = kind[this.pos];
      if (token === TokenKind.Attribute) last = this.parseGnuAttributes(node, last);
      else if (token === TokenKind.Asm && kind[this.pos + 1] === TokenKind.LParen) {
        this.pos++;
        this.skipBalanced();
      } else if (token === TokenKind.Identifier && this.annotatesDeclarator(this.tree.tok[node] !== 0)) {
        if (this.isAnnotation(this.pos)) last = this.parseAnnotation(node, last);
        else {
          this.pos++;
          if (kind[this.pos] === TokenKind.LParen) this.skipBalanced();
        }
      } else return;
    }
  }

  /** Whether the name behind a declarator is an annotation: a known word, or one that nothing but the declaration's end follows. */
  private annotatesDeclarator(named: boolean): boolean {
    const { kind, pos } = this;
    if (this.isAnnotation(pos)) return true;
    if (!named) return false;
    switch (kind[pos + 1]) {
      case TokenKind.Semicolon:
      case TokenKind.Comma:
      case TokenKind.RParen:
      case TokenKind.Assign:
      case TokenKind.LBrace:
        // A statement on the next line is not an annotation: a semicolon is missing.
        return kind[pos + 1] === TokenKind.LBrace || !this.stream.startsLine(pos);
      case TokenKind.LParen: {
        const close = this.matchingParenInStatement(pos + 1);
        const behind = close === 0 ? TokenKind.Eof : kind[close + 1];
        if (behind === TokenKind.LBrace) return true;
        return (
          (behind === TokenKind.Semicolon || behind === TokenKind.Assign || behind === TokenKind.Comma) && !this.stream.startsLine(pos)
        );
      }
      default:
        return false;
    }
  }
}
