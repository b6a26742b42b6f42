import type { Interner } from '../../base/interner';
import { isMemberAccess } from '../../syntax/brackets';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { kindOf } from '../../syntax/tree';
import { arrayBefore } from './functionPointers';
import { pathTo } from './memberTypes';
import { eachStructName, isAnnotation } from './structNames';

/** Members that are followed from a variable: `a->b->c->d`. */
const MAX_MEMBERS = 6;

/** Declared as one struct in one block and as another one in the next. */
const DIFFERS = -1;

/** The struct variables that a file declares outside of its functions, by name; read when the first one is asked for. */
export class FileStructs {
  private tags: Map<number, number> | undefined;

  constructor(readonly file: SourceFile) {}

  /** The struct's tag; 0 for what the file does not declare as a struct. */
  tagOf(variable: number): number {
    this.tags ??= this.read();
    return this.tags.get(variable) ?? 0;
  }

  private read(): Map<number, number> {
    const { tree, root, interner } = this.file;
    const { kind, symbol } = tree.tokens;
    const tags = new Map<number, number>();
    for (let node = tree.child[root]!; node !== 0; node = tree.next[node]!) {
      if (kindOf(tree, node) !== NodeKind.Declaration) continue;
      let token = tree.first[node]!;
      while (token < tree.end[node]! && kind[token]! !== TokenKind.Struct && kind[token] !== TokenKind.Assign) token++;
      if (kind[token] !== TokenKind.Struct || kind[token + 1] !== TokenKind.Identifier) continue;
      const tag = symbol[token + 1]!;
      eachStructName(tree.tokens, interner, token + 2, false, (name) => tags.set(symbol[name]!, tag));
    }
    return tags;
  }
}

/**
 * Tells which struct a member belongs to that is read, called or assigned in one function, by the declarations of its variables.
 *
 * All functions of a tree are asked, so declarations are read by their tokens, in the pass that finds the calls, and names are ids. Where a function is analysed,
 * `PointerTypes` reads them from the syntax tree. Tokens show no scopes: what two blocks declare differently means nothing here.
 */
export class Receivers {
  private readonly tokens: Tokens;
  private readonly interner: Interner;
  /** Tags of parameters and locals by name; {@link DIFFERS}. */
  private readonly locals = new Map<number, number>();
  private hasTypedefs = false;

  /** `first` and `end`: the tokens of the function, with its parameters. */
  constructor(
    private readonly outer: FileStructs,
    private readonly first: number,
    private readonly end: number,
  ) {
    const { tree, interner } = outer.file;
    this.tokens = tree.tokens;
    this.interner = interner;
  }

  /** Takes in what is declared behind a `struct`. `isParameter`: among the function's parameters. */
  declare(keyword: number, isParameter: boolean): void {
    const { kind, symbol } = this.tokens;
    if (kind[keyword + 1] !== TokenKind.Identifier) return;
    const tag = symbol[keyword + 1]!;
    eachStructName(this.tokens, this.interner, keyword + 2, isParameter, (token) => this.setTag(symbol[token]!, tag));
  }

  declareParameters(end: number): void {
    for (let token = this.first; token < end; token++) if (this.tokens.kind[token] === TokenKind.Struct) this.declare(token, true);
  }

  /** The tag of the struct that owns the member at a token, or a {@link pathTo path} to it; 0 where it is not known. */
  ownerOf(member: number): number {
    const { kind, symbol } = this.tokens;
    const members: number[] = [];
    let token = member;
    while (isMemberAccess(kind[token - 1]) && members.length <= MAX_MEMBERS) {
      token = kind[token - 2] === TokenKind.RBracket ? arrayBefore(kind, token - 2) : token - 2;
      if (kind[token] !== TokenKind.Identifier) return 0;
      members.push(symbol[token]!);
    }
    const base = members.pop();
    if (base === undefined || isMemberAccess(kind[token - 1])) return 0;
    let owner = this.structOf(base);
    for (let at = members.length - 1; at >= 0 && owner !== 0; at--) owner = pathTo(this.interner, owner, members[at]!);
    return owner;
  }

  /** What is no local of the function is one of the file or of a header. */
  private structOf(variable: number): number {
    if (!this.locals.has(variable)) this.declareTypedefs();
    const tag = this.locals.get(variable) ?? (this.outer.tagOf(variable) || pathTo(this.interner, 0, variable));
    return Math.max(tag, 0);
  }

  /** Takes in `ring_t *r` and the like, once: names behind a name. */
  private declareTypedefs(): void {
    if (this.hasTypedefs) return;
    this.hasTypedefs = true;
    const { kind, symbol } = this.tokens;
    for (let token = this.first; token < this.end; token++) {
      if (kind[token] !== TokenKind.Identifier || this.locals.has(symbol[token]!)) continue;
      let type = token - 1;
      while (kind[type] === TokenKind.Star) type--;
      if (kind[type] !== TokenKind.Identifier || !(type === token - 1 || beginsDeclaration(kind[type - 1]!))) continue;
      this.locals.set(symbol[token]!, isAnnotation(this.interner, symbol[type]!) ? DIFFERS : symbol[type]!);
    }
  }

  private setTag(name: number, tag: number): void {
    const known = this.locals.get(name);
    this.locals.set(name, known === undefined || known === tag ? tag : DIFFERS);
  }
}

function beginsDeclaration(kind: number): boolean {
  switch (kind) {
    case TokenKind.LBrace:
    case TokenKind.RBrace:
    case TokenKind.Semicolon:
    case TokenKind.LParen:
    case TokenKind.Comma:
    case TokenKind.Const:
    case TokenKind.Static:
      return true;
    default:
      return false;
  }
}
