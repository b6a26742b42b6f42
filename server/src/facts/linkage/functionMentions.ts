import type { FunctionEntry } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { bodyOf, type FileScope } from '../fileScope';
import { PointerTypes } from '../pointerTypes';
import type { CallScan, ScannedCall, ScannedMention } from './callScan';
import { type Mention, MentionUse, Via } from './linkage';
import type { LinkNames } from './linkNames';

/** Where the body of a function hands functions out as values. */
export function functionMentions(scope: FileScope, names: LinkNames, entry: FunctionEntry, scan: CallScan): Mention[] {
  if (scan.mentions.length === 0) return [];
  const reader = new MentionReader(scope, names, entry, scan);
  return scan.mentions.flatMap((mention) => {
    const found = reader.read(mention);
    return found ? [found] : [];
  });
}

class MentionReader {
  constructor(
    private readonly scope: FileScope,
    private readonly names: LinkNames,
    private readonly entry: FunctionEntry,
    private readonly scan: CallScan,
  ) {}

  read({ token, call, position }: ScannedMention): Mention | undefined {
    const { kind, symbol, start } = this.scope.file.tree.tokens;
    const base = {
      function: this.names.functionOf(symbol[token]!),
      offset: start[token]!,
      call: call ? call.index : -1,
    };
    if (call) return callMention(base, call, position);
    const before = kind[token - 1] === TokenKind.Amp ? token - 2 : token - 1;
    if (isComparison(kind[before]!) || isComparison(kind[token + 1]!)) return undefined;
    const isAssigned = kind[before] === TokenKind.Assign && kind[before - 1] === TokenKind.Identifier;
    if (isAssigned && isMember(kind[before - 2]!))
      return { ...base, use: MentionUse.Member, owner: this.ownerOf(before - 3), slot: symbol[before - 1]! };
    if (isAssigned && this.isOnlyCalled(symbol[before - 1]!, symbol[token]!)) return undefined;
    return { ...base, use: MentionUse.Unknown, owner: 0, slot: 0 };
  }

  /** A local variable that holds the function is called and nothing else, and each of its calls is known to call the function. */
  private isOnlyCalled(variable: number, fn: number): boolean {
    const { tree } = this.scope.file;
    const { kind, symbol } = tree.tokens;
    const body = bodyOf(tree, this.entry.node);
    let isLocal = false;
    for (let token = tree.first[body]!; token < tree.end[body]!; token++) {
      if (symbol[token] !== variable || isMember(kind[token - 1]!)) continue;
      if (isDeclared(kind, token)) isLocal = true;
      else if (kind[token + 1] === TokenKind.LParen) {
        if (!this.scan.calls.some((call) => call.token === token && call.via === Via.Name && call.symbol === fn)) return false;
      } else if (!isOverwritten(kind, token) && !isTested(kind, token)) return false;
    }
    return isLocal;
  }

  /** The struct tag of a variable that stands alone before a member access; 0 for anything longer. */
  private ownerOf(token: number): number {
    const { tree } = this.scope.file;
    const { kind, symbol } = tree.tokens;
    if (kind[token] !== TokenKind.Identifier || isMember(kind[token - 1]!)) return 0;
    const types = new PointerTypes(this.scope, this.entry.node, new Set());
    const tag = types.tagOfName(this.scope.file.interner.text(symbol[token]!));
    return tag === undefined ? 0 : this.scope.file.interner.intern(tag.replace(/^struct /, ''));
  }
}

type Kinds = ArrayLike<number>;

function callMention(base: { function: number; offset: number; call: number }, call: ScannedCall, position: number): Mention {
  if (call.via !== Via.Name) return { ...base, use: MentionUse.Unknown, owner: 0, slot: 0 };
  return { ...base, use: MentionUse.Call, owner: call.symbol, slot: position };
}

/** `int (*fn)(struct ring *)`, `handler_t fn;` */
function isDeclared(kind: Kinds, token: number): boolean {
  const [before, after] = [kind[token - 1]!, kind[token + 1]!];
  if (before === TokenKind.Star) return kind[token - 2] === TokenKind.LParen && after === TokenKind.RParen;
  return before === TokenKind.Identifier && after !== TokenKind.LParen;
}

/** `fn = …`, but not `*fn = …`. */
function isOverwritten(kind: Kinds, token: number): boolean {
  return kind[token + 1] === TokenKind.Assign && kind[token - 1] !== TokenKind.Star;
}

/** `if (fn)`, `!fn`, `fn == NULL` */
function isTested(kind: Kinds, token: number): boolean {
  return isComparison(kind[token + 1]!) || kind[token - 1] === TokenKind.Not || kind[token - 2] === TokenKind.If;
}

function isComparison(kind: number): boolean {
  return kind === TokenKind.Equal || kind === TokenKind.NotEqual;
}

function isMember(kind: number): boolean {
  return kind === TokenKind.Arrow || kind === TokenKind.Dot;
}
