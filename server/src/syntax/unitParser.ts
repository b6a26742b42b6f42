import { BodyParser } from './bodyParser';
import { startsDefinition } from './braceLimits';
import { DeclFlag, NodeKind } from './nodes';
import type { Damage } from './sourceFile';
import { Role, TOKEN_ROLE } from './tokenClasses';
import type { TokenStream } from './tokenStream';
import { TokenKind } from './tokens';
import type { TreeBuilder } from './treeBuilder';
import { Trait, type Vocabulary } from './vocabulary';

/** More macros than this in front of one declaration are damage. */
const MAX_ANNOTATIONS = 20;

/** The body of a function with a broken header is looked for this many tokens behind its name. */
const MAX_HEADER = 200;

/** File level: functions, declarations, macros that stand for either, and getting back in step after broken code. */
export class UnitParser extends BodyParser {
  protected readonly weakSymbol: number;
  /** Number of macros read in front of the current declaration. */
  private annotations = 0;
  /** Tokens that recovering may still read a second time: keeps the whole linear. */
  private rereads: number;

  constructor(stream: TokenStream, tree: TreeBuilder, vocabulary: Vocabulary, damage: Damage[], nameOf: (symbol: number) => string) {
    super(stream, tree, vocabulary, damage, nameOf);
    this.weakSymbol = vocabulary.weakSymbol;
    this.rereads = stream.kind.length * 4 + 1000;
  }

  /** Reads the whole stream; returns the TranslationUnit. */
  parseUnit(): number {
    const { kind, tree } = this;
    const node = tree.add(NodeKind.TranslationUnit, 0, 1, 1);
    let tail = 0;
    while (kind[this.pos] !== TokenKind.Eof) {
      const before = this.pos;
      this.annotations = 0;
      const item = this.parseExternal();
      if (item !== 0) tail = tree.append(node, tail, item);
      if (this.pos === before) this.pos++;
    }
    tree.end[node] = this.pos;
    return node;
  }

  /** Reads the stream as one expression; 0 when it is something else. */
  parseWholeExpression(): number {
    const node = this.parseExpression();
    return this.trouble === 0 && this.damage.length === 0 && this.kind[this.pos] === TokenKind.Eof ? node : 0;
  }

  /** Reads the stream as the inside of a block; returns the Block. */
  parseWholeBlock(): number {
    const { kind, tree } = this;
    const node = tree.add(NodeKind.Block, 1, 1, 0);
    let tail = 0;
    this.readsFragment = true;
    while (kind[this.pos] !== TokenKind.Eof) {
      const before = this.pos;
      const statement = this.parseStatement();
      if (statement !== 0) tail = tree.append(node, tail, statement);
      if (this.pos === before) this.pos++;
    }
    tree.end[node] = this.pos;
    return node;
  }

  private parseExternal(): number {
    const { kind } = this;
    const start = this.pos;
    this.depth = 0;
    switch (kind[start]) {
      case TokenKind.Semicolon:
        this.pos++;
        return 0;
      case TokenKind.Asm:
        return this.parseExternalAsm();
      case TokenKind.StaticAssert:
        return this.parseExternalMacro(start, 0);
      case TokenKind.Identifier:
        if (this.startsMacro(start)) return this.parseExternalMacro(start, 0);
        if (this.isAloneOnLine(start) || kind[start + 1] === TokenKind.Semicolon || kind[start + 1] === TokenKind.Eof)
          return this.parseLoneMacro();
        return this.parseExternalDeclaration(start);
      default:
        if ((TOKEN_ROLE[kind[start]!]! & (Role.Type | Role.Storage)) !== 0 || kind[start] === TokenKind.Extension)
          return this.parseExternalDeclaration(start);
        return this.recoverExternal(start);
    }
  }

  /** `NAME(`, where NAME is neither an annotation nor the type of a function pointer. */
  private startsMacro(position: number): boolean {
    if (this.kind[position + 1] !== TokenKind.LParen || this.isAnnotation(position)) return false;
    return !this.isFunctionPointer(position + 1) || this.stream.touchesPrevious(position + 1);
  }

  /** A macro without arguments or semicolon, with another macro in the next line. */
  private isAloneOnLine(position: number): boolean {
    const { kind } = this;
    const next = position + 1;
    if (kind[next] !== TokenKind.Identifier || kind[next + 1] !== TokenKind.LParen || !this.stream.atColumnZero(next)) return false;
    return (this.traits(position) & this.traits(next) & Trait.Upper) !== 0 && !this.isTypeName(position);
  }

  private parseExternalAsm(): number {
    const start = this.pos;
    const node = this.parseAsm();
    return this.trouble === 0 ? node : this.recoverExternal(start);
  }

  /** `COMMON_DEFINITIONS;` */
  private parseLoneMacro(): number {
    const { kind, tree } = this;
    const name = this.pos++;
    const identifier = tree.leaf(NodeKind.Identifier, name);
    if (kind[this.pos] === TokenKind.Semicolon) this.pos++;
    const node = tree.add(NodeKind.MacroDeclaration, name, name, this.pos);
    tree.child[node] = identifier;
    return node;
  }

  private parseExternalDeclaration(start: number): number {
    const { kind, tree } = this;
    const specifiers = this.parseSpecifiers();
    if (this.trouble !== 0) return this.recoverExternal(start);
    if (kind[this.pos] === TokenKind.Semicolon) return this.endExternal(this.declaration(start, specifiers), start);
    if (!this.hasType(specifiers) && this.startsMacro(this.pos) && kind[this.pos] === TokenKind.Identifier)
      return this.parseExternalMacro(start, specifiers);
    const node = this.declaration(start, specifiers);
    const declarator = this.parseDeclarator();
    tree.append(node, specifiers, declarator);
    if (this.trouble !== 0) return this.recoverHeader(node, declarator, start);
    if (tree.kind[tree.child[declarator]!] === NodeKind.FunctionParams && tree.tok[declarator] !== 0) {
      if (kind[this.pos] === TokenKind.LBrace) return this.parseFunction(node, declarator);
      if (this.startsOldParameters()) return this.parseOldFunction(node, declarator, start);
    }
    if ((tree.aux[specifiers]! & DeclFlag.Typedef) !== 0 && tree.tok[declarator] !== 0)
      this.localTypes.add(this.symbol[tree.tok[declarator]!]!);
    this.parseDeclaratorEnd(declarator);
    if (this.trouble === 0 && kind[this.pos] === TokenKind.Comma) {
      this.pos++;
      this.parseDeclarators(node, declarator);
    }
    return this.endExternal(node, start);
  }

  private declaration(start: number, specifiers: number): number {
    const { tree } = this;
    const node = tree.add(NodeKind.Declaration, tree.tok[specifiers]!, start, this.pos);
    tree.child[node] = specifiers;
    return node;
  }

  /** A broken function header still has its body, when that begins in column 0 with no other definition in between. */
  private recoverHeader(declaration: number, declarator: number, start: number): number {
    const name = this.tree.tok[declarator]!;
    const open = this.tooDeep || name === 0 ? 0 : this.bodyBehind(name);
    if (open < this.pos) return this.recoverExternal(start);
    this.functionName = name;
    this.report(this.pos, open, 'declaration');
    this.pos = open;
    return this.parseFunction(declaration, declarator);
  }

  /** Position of the `{` in column 0 behind a function's name; 0 when another definition or a `;` comes first. */
  private bodyBehind(name: number): number {
    const { kind, stream } = this;
    for (let at = name + 1; at < name + MAX_HEADER; at++) {
      const token = kind[at];
      if (token === TokenKind.LBrace && stream.atColumnZero(at)) return at;
      if (token === TokenKind.Eof || token === TokenKind.Semicolon || startsDefinition(stream, at)) return 0;
    }
    return 0;
  }

  private startsOldParameters(): boolean {
    const { kind, pos } = this;
    const token = kind[pos]!;
    if ((TOKEN_ROLE[token]! & Role.Type) !== 0 || token === TokenKind.Register) return true;
    return token === TokenKind.Identifier && (kind[pos + 1] === TokenKind.Identifier || kind[pos + 1] === TokenKind.Star);
  }

  /** K&R: declarations of the parameters between header and body. */
  private parseOldFunction(node: number, declarator: number, start: number): number {
    const { kind, tree } = this;
    const first = this.pos;
    const nodes = tree.count;
    let tail = declarator;
    while (kind[this.pos] !== TokenKind.LBrace) {
      const parameters = this.startsOldParameters() ? this.parseOldParameter() : 0;
      if (parameters === 0) {
        // A prototype without its semicolon.
        this.pos = first;
        tree.count = nodes;
        tree.next[declarator] = 0;
        this.trouble = 0;
        return this.endExternal(node, start);
      }
      tail = tree.append(node, tail, parameters);
    }
    return this.parseFunction(node, tail);
  }

  private parseOldParameter(): number {
    const { kind, tree } = this;
    const start = this.pos;
    const specifiers = this.parseSpecifiers();
    const node = this.declaration(start, specifiers);
    this.parseDeclarators(node, specifiers);
    if (this.trouble !== 0 || kind[this.pos] !== TokenKind.Semicolon) return 0;
    this.pos++;
    tree.end[node] = this.pos;
    return node;
  }

  /** Turns a Declaration into the Function whose body begins at the cursor; the body is linked behind `tail`. */
  private parseFunction(node: number, tail: number): number {
    const { tree } = this;
    const declarator = tree.next[tree.child[node]!]!;
    const name = tree.tok[declarator]!;
    tree.kind[node] = NodeKind.Function;
    tree.tok[node] = name;
    this.functionName = name;
    tree.setNext(tail, this.parseFunctionBody());
    this.functionName = 0;
    tree.end[node] = this.pos;
    return node;
  }

  /** A macro at file level: `MODULE_LICENSE("x");`, `static DEFINE_MUTEX(m);`, `SYSCALL_DEFINE3(…) { … }`, `NOTE(x) int f(void)`. */
  private parseExternalMacro(start: number, specifiers: number): number {
    const { kind, tree, stream } = this;
    const name = this.pos++;
    const identifier = tree.leaf(NodeKind.Identifier, name);
    const node = tree.add(NodeKind.MacroDeclaration, name, start, 0);
    let call = this.parseCall(identifier);
    while (this.trouble === 0 && kind[this.pos] === TokenKind.LParen) call = this.parseCall(call);
    tree.child[node] = call;
    if (this.trouble !== 0) return this.recoverExternal(start);
    while (kind[this.pos] === TokenKind.LBracket) this.skipBalanced();
    while (kind[this.pos] === TokenKind.Attribute || this.isTrailingAnnotation()) this.skipAttribute();
    const token = kind[this.pos]!;
    if (token === TokenKind.LBrace && kind[this.pos + 1] !== TokenKind.Dot) return this.parseMacroFunction(node, call, name);
    if (token === TokenKind.Assign || token === TokenKind.LBrace) this.parseMacroInitializer(call);
    else if (token === TokenKind.Dot) return this.parseMacroRecord(node, call, start);
    else if (this.headsDeclaration(token)) return this.parseAnnotated(start, node, specifiers);
    if (this.trouble !== 0) return this.recoverExternal(start);
    tree.end[node] = this.pos;
    if (kind[this.pos] === TokenKind.Comma) return this.skipDeclarators(node, start);
    if (kind[this.pos] === TokenKind.Semicolon) {
      this.pos++;
      tree.end[node] = this.pos;
      return node;
    }
    // Many macros bring their own semicolon.
    return kind[this.pos] === TokenKind.Eof || stream.startsLine(this.pos) || kind[this.pos - 1] === TokenKind.RParen
      ? node
      : this.recoverExternal(start);
  }

  private isTrailingAnnotation(): boolean {
    if (this.kind[this.pos] !== TokenKind.Identifier || this.stream.atColumnZero(this.pos)) return false;
    return this.isAnnotation(this.pos) && !this.headsDeclaration(this.kind[this.pos + 1]!);
  }

  private skipAttribute(): void {
    this.pos++;
    if (this.kind[this.pos] === TokenKind.LParen) this.skipBalanced();
  }

  /** Whether a macro's call annotates the declaration that goes on behind it; a token in column 0 begins a new one. */
  private headsDeclaration(token: number): boolean {
    if (token !== TokenKind.Identifier && token !== TokenKind.Star && (TOKEN_ROLE[token]! & (Role.Type | Role.Storage)) === 0) return false;
    return !this.stream.startsLine(this.pos);
  }

  /** Reads on behind a macro that took the place of specifiers. */
  private parseAnnotated(start: number, node: number, specifiers: number): number {
    const { tree } = this;
    const flags = specifiers === 0 ? 0 : tree.aux[specifiers]!;
    while (this.kind[this.pos] === TokenKind.Star) this.pos++;
    const before = this.pos;
    tree.end[node] = before;
    if (++this.annotations > MAX_ANNOTATIONS) return this.recoverExternal(start);
    const declaration = this.parseExternal();
    this.annotations--;
    if (this.pos === before || declaration === 0) return node;
    tree.first[declaration] = start;
    const kind = tree.kind[declaration];
    if (kind === NodeKind.Declaration || kind === NodeKind.Function) {
      const inner = tree.child[declaration]!;
      if (tree.kind[inner] === NodeKind.Specifiers) tree.aux[inner]! |= flags;
    }
    return declaration;
  }

  private parseMacroFunction(node: number, call: number, macro: number): number {
    const { tree } = this;
    const argument = tree.next[tree.child[call]!]!;
    const name = argument !== 0 && tree.kind[argument] === NodeKind.Identifier ? tree.tok[argument]! : macro;
    tree.kind[node] = NodeKind.Function;
    tree.aux[node] = DeclFlag.MacroHeader;
    tree.tok[node] = name;
    this.functionName = name;
    tree.setNext(call, this.parseFunctionBody());
    this.functionName = 0;
    tree.end[node] = this.pos;
    return node;
  }

  /** `MACHINE_START(name, "text") .field = value, … MACHINE_END`: the fields become an InitList behind the Call. */
  private parseMacroRecord(node: number, call: number, start: number): number {
    const { kind, tree } = this;
    const first = this.pos;
    const list = tree.add(NodeKind.InitList, first, first, 0);
    let tail = 0;
    while (kind[this.pos] === TokenKind.Dot && this.trouble === 0) {
      tail = tree.append(list, tail, this.parseDesignated());
      if (kind[this.pos] === TokenKind.Comma) this.pos++;
    }
    tree.end[list] = this.pos;
    if (this.trouble !== 0 || kind[this.pos] !== TokenKind.Identifier) return this.recoverExternal(start);
    const initializer = tree.add(NodeKind.Initializer, first, first, this.pos);
    tree.child[initializer] = list;
    tree.next[call] = initializer;
    this.pos++;
    if (kind[this.pos] === TokenKind.Semicolon) this.pos++;
    tree.end[node] = this.pos;
    return node;
  }

  /** `DEFINE_THING(name) = { … }`, `define_thing(name) { .field = … }`: the Initializer follows the Call. */
  private parseMacroInitializer(call: number): void {
    const { kind, tree } = this;
    const sign = this.pos;
    if (kind[sign] === TokenKind.Assign) this.pos++;
    const node = tree.add(NodeKind.Initializer, sign, sign, 0);
    tree.setChild(node, this.parseInitializerValue());
    tree.end[node] = this.pos;
    tree.next[call] = node;
  }

  private skipDeclarators(node: number, start: number): number {
    const { kind, tree } = this;
    while (kind[this.pos] !== TokenKind.Semicolon) {
      if (kind[this.pos] === TokenKind.Eof || startsDefinition(this.stream, this.pos)) return this.recoverExternal(start);
      if (kind[this.pos] === TokenKind.LParen || kind[this.pos] === TokenKind.LBrace) this.skipBalanced();
      else this.pos++;
    }
    this.pos++;
    tree.end[node] = this.pos;
    return node;
  }

  /** Expects the `;` of a declaration. */
  private endExternal(node: number, start: number): number {
    const { kind, tree } = this;
    if (this.trouble !== 0) return this.recoverExternal(start);
    if (kind[this.pos] === TokenKind.Semicolon) this.pos++;
    else if (kind[this.pos] === TokenKind.Eof || startsDefinition(this.stream, this.pos))
      this.report(this.pos - 1, this.pos, 'declaration');
    else return this.recoverExternal(start);
    tree.end[node] = this.pos;
    return node;
  }

  /** Reports the item from `start` as damaged and goes on at the first definition in column 0 behind it. */
  private recoverExternal(start: number): number {
    const { kind, stream, tree } = this;
    if (this.limit !== 0) this.unlimit();
    this.functionName = 0;
    // The end of the text has nothing behind it.
    let at = kind[start] === TokenKind.Eof ? start : start + 1;
    if (this.rereads <= 0) at = Math.max(at, this.pos);
    while (kind[at] !== TokenKind.Eof && !startsDefinition(stream, at)) {
      // What a `{` in column 0 holds belongs to the damaged item.
      if (kind[at] === TokenKind.LBrace && stream.atColumnZero(at)) at = this.braces.find(at).end;
      else at++;
    }
    this.rereads -= Math.max(0, this.pos - at);
    this.fail();
    this.report(start, at, 'declaration');
    this.pos = at;
    return tree.add(NodeKind.Damaged, start, start, at);
  }
}
