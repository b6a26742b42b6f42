import { closingBracket } from '../../syntax/brackets';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import { TokenKind } from '../../syntax/tokens';
import { kindOf } from '../../syntax/tree';
import type { FileScope } from '../fileScope';
import { CallScan } from './callScan';
import { type Mention, MentionUse } from './linkage';
import type { LinkNames } from './linkNames';
import { pathTo } from './memberTypes';
import { type MentionPurpose, mentionFor, NO_PURPOSE } from './mention';
import { isAnnotation } from './structNames';

/** Functions of the file that stand outside of function bodies: in operation tables and in macros. */
export function fileMentions(scope: FileScope, names: LinkNames): Mention[] {
  const { tree, root, alternates } = scope.file;
  const found: Mention[] = [];
  for (let node = tree.child[root]!; node !== 0; node = tree.next[node]!) mentionsOf(scope, names, node, found);
  for (const node of alternates) mentionsOf(scope, names, node, found);
  return found;
}

function mentionsOf(scope: FileScope, names: LinkNames, node: number, found: Mention[]): void {
  const { tree } = scope.file;
  if (kindOf(tree, node) === NodeKind.Function) return;
  const { kind, symbol, start } = tree.tokens;
  const [first, end] = [tree.first[node]!, tree.end[node]!];
  attributeMentions(scope, names, first, end, found);
  const scan = new CallScan(tree.tokens, names, []).run(first, end);
  if (scan.mentions.length === 0) return;
  const table = new TableReader(scope, node);
  for (const { token, call, position } of scan.mentions) {
    if (call) {
      const isExport = scope.file.interner.text(call.symbol).startsWith('EXPORT_SYMBOL');
      const use = isExport ? MentionUse.Export : names.isExcused(call.symbol) ? MentionUse.Unknown : MentionUse.Call;
      found.push({
        function: names.functionGivenTo(call.symbol, symbol[token]!),
        offset: start[token]!,
        use,
        owner: call.symbol,
        slot: position,
        call: -1,
      });
      continue;
    }
    const base = { function: names.functionOf(symbol[token]!), offset: start[token]!, call: -1 };
    const before = kind[token - 1] === TokenKind.Amp ? token - 2 : token - 1;
    const isMember = kind[before] === TokenKind.Assign && kind[before - 1] === TokenKind.Identifier && kind[before - 2] === TokenKind.Dot;
    if (isMember && names.isCarrying(symbol[before - 1]!) && table.variable !== 0) names.addCarrier(table.variable, symbol[token]!);
    else if (isMember)
      found.push(
        mentionFor(base, {
          use: names.isExcused(symbol[before - 1]!) ? MentionUse.Excused : MentionUse.Member,
          // A table that another file registers may be excused there.
          owner: names.isExcusable(symbol[before - 1]!) && !table.isStatic ? 0 : table.ownerBehind(table.ownerAt(token), before - 2),
          slot: symbol[before - 1]!,
        }),
      );
    else found.push(mentionFor(base, table.elementAt(token)));
  }
}

/** `static DEVICE_ATTR_RW(size);`, `static struct kobj_attribute size_attr = __ATTR_RO(size);` */
function attributeMentions(scope: FileScope, names: LinkNames, first: number, end: number, found: Mention[]): void {
  const { kind, symbol, start } = scope.file.tree.tokens;
  for (let token = first; token + 2 < end; token++) {
    if (kind[token] !== TokenKind.Identifier || kind[token + 1] !== TokenKind.LParen || kind[token + 2] !== TokenKind.Identifier) continue;
    const owner = symbol[token]!;
    for (const fn of names.attributeFunctions(owner, symbol[token + 2]!) ?? [])
      found.push({ function: fn, offset: start[token + 2]!, use: MentionUse.Call, owner, slot: 0, call: -1 });
  }
}

/** Knows which struct a member of an initialiser belongs to: the declared one, at the depth of its own braces. */
class TableReader {
  /** The declared variable; 0 when there is none. */
  readonly variable: number;
  readonly isStatic: boolean;
  private readonly tag: number;
  private readonly isArray: boolean;
  /** The name of an array of functions; 0 for all else. */
  private readonly array: number;
  /** What each open brace belongs to: a member's name, or 0 for the table itself and elements of arrays. */
  private readonly open: number[] = [];
  private at: number;

  constructor(
    private readonly scope: FileScope,
    node: number,
  ) {
    const { tree } = scope.file;
    const { kind, symbol } = tree.tokens;
    this.at = tree.first[node]!;
    let tag = 0;
    let isArray = false;
    let variable = 0;
    let isStatic = false;
    let array = 0;
    const isDeclaration = kindOf(tree, node) === NodeKind.Declaration && (tree.aux[node]! & DeclFlag.Typedef) === 0;
    for (let token = this.at; isDeclaration && token < tree.end[node]! && kind[token] !== TokenKind.Assign; token++) {
      if (kind[token] === TokenKind.Struct && kind[token + 1] === TokenKind.Identifier) tag = symbol[token + 1]!;
      // `static struct ring_ops { int (*start)(struct ring *r); } ops = {`: what the members are made of is not the table's struct.
      else if (kind[token] === TokenKind.LBrace) token = closingBracket(kind, token, tree.end[node]!) || token;
      else if (kind[token] === TokenKind.LBracket) {
        isArray = true;
        // A struct behind the name belongs to the functions' parameters.
        if (array === 0 && tag === 0 && kind[token - 1] === TokenKind.Identifier) array = symbol[token - 1]!;
      } else if (kind[token] === TokenKind.Static) isStatic = true;
      else if (kind[token] === TokenKind.Identifier && !isAnnotation(scope.file.interner, symbol[token]!)) variable = symbol[token]!;
    }
    this.tag = tag;
    this.variable = isArray ? 0 : variable;
    this.isArray = isArray;
    this.isStatic = isStatic;
    this.array = array;
  }

  /** What is known of a function that no member is named for: an element of an array of functions is reached by the array's name. */
  elementAt(token: number): MentionPurpose {
    this.ownerAt(token);
    if (this.array !== 0 && this.open.length === 1) return { use: MentionUse.Member, owner: 0, slot: this.array };
    const member = this.open.at(-1) ?? 0;
    return member !== 0 ? { use: MentionUse.Member, owner: this.ownerOf(this.open.length - 1), slot: member } : NO_PURPOSE;
  }

  /** The tag that owns the member initialised at a token, or the path to it; 0 where braces have no name. Tokens must be asked for in order. */
  ownerAt(token: number): number {
    const { kind } = this.scope.file.tree.tokens;
    for (; this.at < token; this.at++) {
      if (kind[this.at] === TokenKind.LBrace) this.open.push(this.memberBefore(this.at));
      else if (kind[this.at] === TokenKind.RBrace) this.open.pop();
    }
    return this.ownerOf(this.open.length);
  }

  /** The owner of the last step of `.op.start = …`, whose dot stands at a token: the path through the steps before it. */
  ownerBehind(owner: number, dot: number): number {
    const { kind, symbol } = this.scope.file.tree.tokens;
    if (kind[dot - 1] !== TokenKind.Identifier || kind[dot - 2] !== TokenKind.Dot) return owner;
    const outer = this.ownerBehind(owner, dot - 2);
    return outer === 0 ? 0 : pathTo(this.scope.file.interner, outer, symbol[dot - 1]!);
  }

  /** The same by the braces that are open, up to a depth. */
  private ownerOf(end: number): number {
    const outer = this.isArray ? 2 : 1;
    if (this.tag === 0 || end < outer) return 0;
    let owner = this.tag;
    for (let depth = outer; depth < end; depth++) {
      const member = this.open[depth]!;
      if (member === 0) return 0;
      owner = pathTo(this.scope.file.interner, owner, member);
    }
    return owner;
  }

  /** The member that a brace initialises: `.ops = {`; 0 for elements of arrays and for designators of more than one step. */
  private memberBefore(brace: number): number {
    const { kind, symbol } = this.scope.file.tree.tokens;
    const isNamed = kind[brace - 1] === TokenKind.Assign && kind[brace - 2] === TokenKind.Identifier && kind[brace - 3] === TokenKind.Dot;
    return isNamed && kind[brace - 4] !== TokenKind.Identifier && kind[brace - 4] !== TokenKind.RBracket ? symbol[brace - 2]! : 0;
  }
}
