import { DeclaratorParser } from './declaratorParser';
import { DeclFlag, NodeKind } from './nodes';
import { TokenKind } from './tokens';

/** Declarations made of specifiers, declarators and initialisers, and the members of structs. */
export abstract class DeclarationParser extends DeclaratorParser {
  /** Bit width and initialiser behind a declarator. */
  protected parseDeclaratorEnd(declarator: number): void {
    const { kind, tree } = this;
    if (kind[this.pos] === TokenKind.Colon) {
      this.spliceBitWidth(declarator);
      this.parseDeclaratorAttributes(declarator, this.lastChildOf(declarator));
      tree.end[declarator] = this.pos;
    }
    if (kind[this.pos] !== TokenKind.Assign) return;
    const sign = this.pos++;
    const node = tree.add(NodeKind.Initializer, sign, sign, 0);
    tree.setChild(node, this.parseInitializerValue());
    tree.end[node] = this.pos;
    tree.append(declarator, this.lastChildOf(declarator), node);
    tree.end[declarator] = this.pos;
  }

  /** The bit width stands between the derivations and the attributes; only attributes written before the colon need the search. */
  private spliceBitWidth(declarator: number): void {
    const { tree } = this;
    const sign = this.pos++;
    const width = tree.add(NodeKind.BitWidth, sign, sign, 0);
    tree.setChild(width, this.parseConditional());
    tree.end[width] = this.pos;
    let before = 0;
    let child = tree.child[declarator]!;
    while (child !== 0 && tree.kind[child] !== NodeKind.Attribute) {
      before = child;
      child = tree.next[child]!;
    }
    tree.next[width] = child;
    if (before === 0) tree.child[declarator] = width;
    else tree.next[before] = width;
  }

  protected lastChildOf(node: number): number {
    const { tree } = this;
    let last = 0;
    for (let child = tree.child[node]!; child !== 0; child = tree.next[child]!) last = child;
    return last;
  }

  /** Declarators with their initialisers up to the end of a declaration, linked behind `specifiers` in `declaration`. */
  protected parseDeclarators(declaration: number, tail: number): number {
    const { kind, tree } = this;
    const typedef = (tree.aux[tree.child[declaration]!]! & DeclFlag.Typedef) !== 0;
    let last = tail;
    for (;;) {
      const declarator = this.parseDeclarator();
      last = tree.append(declaration, last, declarator);
      if (typedef && tree.tok[declarator] !== 0) this.localTypes.add(this.symbol[tree.tok[declarator]!]!);
      if (this.trouble === 0) this.parseDeclaratorEnd(declarator);
      if (this.trouble !== 0 || kind[this.pos] !== TokenKind.Comma) return last;
      this.pos++;
    }
  }

  /** One member of a struct: a Declaration or a MacroDeclaration. */
  protected parseMember(): number {
    const { kind, tree } = this;
    const start = this.pos;
    if (kind[start] === TokenKind.Semicolon) {
      this.pos++;
      return 0;
    }
    if (kind[start] === TokenKind.StaticAssert) return this.parseMacroMember(0);
    const specifiers = this.parseSpecifiers();
    if (this.trouble === 0 && !this.hasType(specifiers) && kind[this.pos] === TokenKind.Identifier)
      return this.parseMacroMember(specifiers);
    if (this.trouble === 0 && this.isLoneMacro(specifiers)) {
      // `COMMON_FIELDS }`, `COMMON_FIELDS;`: the name that was read as a type stands for members.
      this.pos = start;
      return this.parseMacroMember(0);
    }
    const node = tree.add(NodeKind.Declaration, tree.tok[specifiers]!, start, 0);
    tree.child[node] = specifiers;
    if (this.trouble === 0 && kind[this.pos] !== TokenKind.Semicolon) this.parseDeclarators(node, specifiers);
    this.endMember(start);
    tree.end[node] = this.pos;
    return node;
  }

  private isLoneMacro(specifiers: number): boolean {
    const { kind, tree } = this;
    if (kind[this.pos] !== TokenKind.RBrace && kind[this.pos] !== TokenKind.Semicolon) return false;
    return this.pos === tree.first[specifiers]! + 1 && kind[this.pos - 1] === TokenKind.Identifier;
  }

  /** `DECLARE_BITMAP(name, N);`, `struct_group(name, …);`, a macro without a semicolon. */
  private parseMacroMember(specifiers: number): number {
    const { kind, tree } = this;
    const name = this.pos++;
    const first = specifiers === 0 ? name : tree.first[specifiers]!;
    const identifier = tree.leaf(NodeKind.Identifier, name);
    const node = tree.add(NodeKind.MacroDeclaration, name, first, 0);
    tree.setChild(node, kind[this.pos] === TokenKind.LParen ? this.parseCall(identifier) : identifier);
    if (this.trouble === 0) this.parseDeclaratorAttributes(node, 0);
    if (tree.kind[tree.child[node]!] === NodeKind.Attribute) tree.child[node] = identifier;
    if (kind[this.pos] === TokenKind.Semicolon && this.trouble === 0) this.pos++;
    else if (this.trouble !== 0) this.endMember(first);
    tree.end[node] = this.pos;
    return node;
  }

  private endMember(start: number): void {
    const { kind } = this;
    if (kind[this.pos] === TokenKind.Semicolon && this.trouble === 0) {
      this.pos++;
      return;
    }
    if (this.trouble === 0 && (kind[this.pos] === TokenKind.RBrace || this.stream.startsLine(this.pos))) {
      this.report(this.pos - 1, this.pos, 'declaration');
      return;
    }
    for (;;) {
      const token = kind[this.pos]!;
      if (token === TokenKind.Eof || token === TokenKind.RBrace) break;
      if (token === TokenKind.LBrace) {
        this.skipBalanced();
        continue;
      }
      this.pos++;
      if (token === TokenKind.Semicolon) break;
    }
    this.report(start, this.pos, 'declaration');
  }
}
