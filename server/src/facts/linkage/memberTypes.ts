import type { Interner } from '../../base/interner';
import { closingBracket } from '../../syntax/brackets';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { TokenKind, type Tokens } from '../../syntax/tokens';
import { kindOf } from '../../syntax/tree';
import { eachStructName, isAnnotation } from './structNames';

/**
 * Says that a member of a struct is another struct, or points to one. All three are names: tags, or {@link pathTo paths} of structs that have no tag. Where
 * `member` and `type` are 0 it says that the file defines this struct, which has members that are functions.
 */
export interface MemberType {
  /** 0: not a member but a variable that a header declares. */
  readonly owner: number;
  readonly member: number;
  readonly type: number;
}

/**
 * The name of the struct that a member leads to: `net_device.netdev_ops`, or `.x86_platform` for a variable of a header. Which tag it has, the
 * {@link MemberType}s of the whole tree tell. A struct without a tag has this for its name.
 */
export function pathTo(interner: Interner, owner: number, member: number): number {
  return interner.intern(`${interner.text(owner)}.${interner.text(member)}`);
}

/** Structs within structs that are looked into. */
const MAX_DEPTH = 8;

/** The members of the structs that a file defines, as far as they are structs, and the variables that it declares as a header. */
export function memberTypes({ tree, root, path, interner }: SourceFile): MemberType[] {
  const reader = new StructReader(tree.tokens, interner);
  const isHeader = path.endsWith('.h');
  for (let node = tree.child[root]!; node !== 0; node = tree.next[node]!)
    if (kindOf(tree, node) === NodeKind.Declaration) reader.declaration(tree.first[node]!, tree.end[node]!, isHeader);
  return reader.found;
}

/** Goes by tokens: the syntax tree has one branch of each `#if` in a struct, and the members of all branches count. */
class StructReader {
  readonly found: MemberType[] = [];
  /** Structs with members that are functions. */
  private readonly calling = new Set<number>();

  constructor(
    private readonly tokens: Tokens,
    private readonly interner: Interner,
  ) {}

  declaration(first: number, end: number, isHeader: boolean): void {
    const { kind, symbol } = this.tokens;
    for (let token = first; token < end; token++) {
      switch (kind[token]) {
        case TokenKind.Typedef:
        case TokenKind.Const:
        case TokenKind.Static:
          break;
        case TokenKind.Extern:
          if (isHeader && kind[token + 1] === TokenKind.Const) token++;
          if (isHeader && kind[token + 1] === TokenKind.Struct) this.names(0, symbol[token + 2]!, token + 3);
          return;
        case TokenKind.Struct:
        case TokenKind.Union:
          this.definition(token, end);
          return;
        default:
          return;
      }
    }
  }

  /** `struct ring { … } __packed ring_t;`: a struct that a typedef alone names has that name. */
  private definition(keyword: number, end: number): void {
    const { kind, symbol } = this.tokens;
    const open = this.bodyOf(keyword, end);
    if (open === 0) return;
    const close = closingBracket(kind, open, end);
    const tag = this.tagOf(keyword) || this.nameBehind(close);
    if (close !== 0 && tag !== 0) this.members(symbol[tag]!, open + 1, close, 0);
  }

  private members(owner: number, first: number, close: number, depth: number): void {
    const { kind, symbol } = this.tokens;
    for (let token = first; token < close; token++) {
      if (kind[token] === TokenKind.LParen && kind[token + 1] === TokenKind.Star) this.addCalling(owner);
      if (kind[token] === TokenKind.LParen || kind[token] === TokenKind.LBrace) token = closingBracket(kind, token, close) || close;
      else if (kind[token] === TokenKind.Struct || kind[token] === TokenKind.Union) {
        const open = this.bodyOf(token, close);
        const end = open === 0 ? 0 : closingBracket(kind, open, close);
        const tag = this.tagOf(token);
        if (open === 0 && tag !== 0) this.names(owner, symbol[tag]!, tag + 1);
        else if (end !== 0 && depth < MAX_DEPTH) this.inner(owner, tag === 0 ? 0 : symbol[tag]!, open, end, depth);
        if (end !== 0) token = end;
      }
    }
  }

  private addCalling(owner: number): void {
    if (this.calling.has(owner)) return;
    this.calling.add(owner);
    this.found.push({ owner, member: 0, type: 0 });
  }

  /** A struct that is defined where it is a member: what has neither tag nor name shares the members of its owner. */
  private inner(owner: number, tag: number, open: number, close: number, depth: number): void {
    const name = this.nameBehind(close);
    const type = tag || (name === 0 ? owner : pathTo(this.interner, owner, this.tokens.symbol[name]!));
    this.members(type, open + 1, close, depth + 1);
    if (type !== owner) this.names(owner, type, close + 1);
  }

  private names(owner: number, type: number, from: number): void {
    const { tokens, interner, found } = this;
    eachStructName(tokens, interner, from, false, (token) => found.push({ owner, member: tokens.symbol[token]!, type }));
  }

  /** The token of the tag behind `struct`, which annotations may precede; 0 for none. */
  private tagOf(keyword: number): number {
    const { kind, symbol } = this.tokens;
    let token = keyword + 1;
    while (kind[token] === TokenKind.Identifier && isAnnotation(this.interner, symbol[token]!) && kind[token + 1] === TokenKind.Identifier)
      token++;
    return kind[token] === TokenKind.Identifier ? token : 0;
  }

  /** The brace that opens the struct's body; 0 where it is only named. */
  private bodyOf(keyword: number, end: number): number {
    const { kind } = this.tokens;
    let token = (this.tagOf(keyword) || keyword) + 1;
    if (kind[token] === TokenKind.Attribute) token = (closingBracket(kind, token + 1, end) || end) + 1;
    return kind[token] === TokenKind.LBrace ? token : 0;
  }

  /** The first name that is given to the struct whose body ends here; 0 for none. */
  private nameBehind(close: number): number {
    let first = 0;
    eachStructName(this.tokens, this.interner, close + 1, false, (token) => {
      first ||= token;
    });
    return first;
  }
}
