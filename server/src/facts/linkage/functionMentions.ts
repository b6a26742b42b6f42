import { enclosingCall, isMemberAccess, openingBracket } from '../../syntax/brackets';
import type { FunctionEntry } from '../../syntax/sourceFile';
import { TokenKind } from '../../syntax/tokens';
import { bodyOf, type FileScope } from '../fileScope';
import type { CallScan, ScannedCall, ScannedMention } from './callScan';
import { arrayBefore, valueStart } from './functionPointers';
import { type Mention, MentionUse, Via } from './linkage';
import type { LinkNames } from './linkNames';
import { type MentionPlace, type MentionPurpose, mentionFor, NO_PURPOSE } from './mention';
import type { Receivers } from './receivers';

/** Where the body of a function hands functions out as values. */
export function functionMentions(
  scope: FileScope,
  names: LinkNames,
  entry: FunctionEntry,
  scan: CallScan,
  receivers: Receivers,
): Mention[] {
  const handed = handedMembers(scope, scan, receivers);
  if (scan.mentions.length === 0) return handed;
  const reader = new MentionReader(scope, names, entry, scan, receivers);
  return [...scan.mentions.flatMap((mention) => reader.read(mention)), ...handed];
}

/** Members that are registered in the place of the functions they hold. Few calls have one among their arguments. */
function handedMembers(scope: FileScope, { calls }: CallScan, receivers: Receivers): Mention[] {
  const { start, symbol } = scope.file.tree.tokens;
  const handed: Mention[] = [];
  for (const { index, members } of calls) {
    if (members === undefined) continue;
    for (const { position, token } of members)
      handed.push({
        function: symbol[token]!,
        offset: start[token]!,
        use: MentionUse.Handed,
        owner: receivers.ownerOf(token),
        slot: position,
        call: index,
      });
  }
  return handed;
}

class MentionReader {
  constructor(
    private readonly scope: FileScope,
    private readonly names: LinkNames,
    private readonly entry: FunctionEntry,
    private readonly scan: CallScan,
    private readonly receivers: Receivers,
  ) {}

  read({ token, call, position }: ScannedMention): readonly Mention[] {
    const { kind, symbol, start } = this.scope.file.tree.tokens;
    const base = {
      function: this.names.functionOf(symbol[token]!),
      offset: start[token]!,
      call: call ? call.index : -1,
    };
    const before = valueStart(this.scope.file.tree.tokens, token) - 1;
    // Which of two functions an iterator is given may depend on what it holds.
    if (call) return [callMention(isOneOfTwo(kind, token) ? { ...base, call: -1 } : base, call, position)];
    if (isComparison(kind[before]!) || isComparison(kind[token + 1]!)) return [];
    if (kind[before] === TokenKind.Assign && kind[before - 1] === TokenKind.RBracket) return [this.readElement(base, before - 1)];
    const isAssigned = kind[before] === TokenKind.Assign && kind[before - 1] === TokenKind.Identifier;
    if (isAssigned && isMemberAccess(kind[before - 2]) && this.names.isCarrying(symbol[before - 1]!)) {
      const registered = this.registeredLater(symbol[before - 3]!, token);
      if (registered) return [mentionFor(base, { use: MentionUse.Call, ...registered })];
    }
    if (isAssigned && isMemberAccess(kind[before - 2])) return [mentionFor(base, this.storedIn(before - 1))];
    const table = this.localTable(before);
    if (table !== 0) return this.readTable(base, table, token);
    const record = this.localRecord(before);
    if (record) return [mentionFor(base, { use: MentionUse.Member, ...record })];
    return isAssigned ? this.readVariable(base, symbol[before - 1]!, symbol[token]!) : [mentionFor(base, NO_PURPOSE)];
  }

  /** A function that is stored in a member. */
  private storedIn(member: number): MentionPurpose {
    const slot = this.scope.file.tree.tokens.symbol[member]!;
    return { use: this.names.isExcused(slot) ? MentionUse.Excused : MentionUse.Member, owner: this.holderOf(member), slot };
  }

  /** `static int (*handlers[])(struct ring *r) = { ring_start, [RING_STOP] = ring_stop };`: the array's name, of an element that begins behind a token. */
  private localTable(before: number): number {
    const { kind, symbol } = this.scope.file.tree.tokens;
    if (kind[before] !== TokenKind.LBrace && kind[before] !== TokenKind.Comma) return 0;
    const first = Math.max(1, before - MAX_TABLE);
    let token = before;
    // Elements are names, and nothing that has braces of its own.
    while (token > first && kind[token] !== TokenKind.LBrace) if (!isElementPart(kind[token--]!)) return 0;
    if (kind[token] !== TokenKind.LBrace || kind[token - 1] !== TokenKind.Assign) return 0;
    const close = kind[token - 2] === TokenKind.RParen ? openingBracket(kind, token - 2, first) - 2 : token - 2;
    if (close <= first || kind[close] !== TokenKind.RBracket) return 0;
    const array = arrayBefore(kind, close);
    return array === 0 ? 0 : symbol[array]!;
  }

  /** An element of a local table: it is called through the table's name, or by the function that gets the table. */
  private readTable(base: MentionPlace, table: number, from: number): readonly Mention[] {
    const called = mentionFor(base, { use: MentionUse.Member, owner: 0, slot: table });
    const given = this.registeredLater(table, from);
    return given && this.names.takesTable(given.owner) ? [called, mentionFor(base, { use: MentionUse.Call, ...given })] : [called];
  }

  /** `struct virtqueue_info queues[] = { { "in", ring_in }, [RING_OUT] = { "out", ring_out } };`: the one callback of such a struct, for a value behind a token. */
  private localRecord(before: number): Pick<Mention, 'owner' | 'slot'> | undefined {
    const { kind, symbol } = this.scope.file.tree.tokens;
    const first = Math.max(1, before - MAX_TABLE);
    const inner = openBrace(kind, before, first);
    const outer = inner === 0 ? 0 : openBrace(kind, inner - 1, first);
    if (outer === 0 || kind[outer - 1] !== TokenKind.Assign || kind[outer - 2] !== TokenKind.RBracket) return undefined;
    const array = arrayBefore(kind, outer - 2);
    const owner = array > 2 && kind[array - 2] === TokenKind.Struct ? symbol[array - 1]! : 0;
    const slot = this.names.onlyCallbackOf(owner);
    return slot === undefined ? undefined : { owner, slot };
  }

  /** `handlers[i] = f;`: as a member of the array's name. */
  private readElement(base: MentionPlace, close: number): Mention {
    const { kind, symbol } = this.scope.file.tree.tokens;
    const array = arrayBefore(kind, close);
    if (array === 0) return mentionFor(base, NO_PURPOSE);
    return mentionFor(base, { use: MentionUse.Member, owner: this.receivers.ownerOf(array), slot: symbol[array]! });
  }

  /** The struct that holds a member: by the declaration of what stands before it, or by what that is called. */
  private holderOf(member: number): number {
    const { interner, tree } = this.scope.file;
    const { kind, symbol } = tree.tokens;
    const declared = this.receivers.ownerOf(member);
    const isKnown = declared !== 0 && !interner.text(declared).includes('.');
    if (isKnown || kind[member - 2] !== TokenKind.Identifier || interner.text(symbol[member]!) !== 'complete') return declared;
    return /urb(_|$)/.test(interner.text(symbol[member - 2]!)) ? interner.intern('urb') : declared;
  }

  /** Where the carrier of a function goes behind a token: of `r->nb.notifier_call = f; register_ring_notifier(&r->nb);` the second statement. */
  private registeredLater(carrier: number, from: number): Pick<Mention, 'owner' | 'slot'> | undefined {
    const { tree } = this.scope.file;
    const { kind, symbol } = tree.tokens;
    const end = tree.end[bodyOf(tree, this.entry.node)]!;
    for (let token = from; token < end; token++) {
      if (symbol[token] !== carrier || (kind[token + 1] !== TokenKind.RParen && kind[token + 1] !== TokenKind.Comma)) continue;
      const call = enclosingCall(kind, token);
      if (call) return { owner: symbol[call.name]!, slot: call.position };
    }
    return undefined;
  }

  /**
   * A local variable that holds the function goes where the function itself would: `done = ring_done; ring_request(r, done);`. Its calls count where they are known to
   * call the function.
   */
  private readVariable(base: MentionPlace, variable: number, fn: number): readonly Mention[] {
    const outside: MentionPlace = { ...base, call: -1 };
    const { tree } = this.scope.file;
    const { kind, symbol } = tree.tokens;
    const body = bodyOf(tree, this.entry.node);
    const found: Mention[] = [];
    let isLocal = false;
    let isLost = false;
    for (let token = tree.first[body]!; token < tree.end[body]!; token++) {
      if (symbol[token] !== variable || isMemberAccess(kind[token - 1])) continue;
      if (isDeclared(kind, token)) isLocal = true;
      else if (kind[token + 1] === TokenKind.LParen)
        isLost ||= !this.scan.calls.some((call) => call.token === token && call.via === Via.Name && call.symbol === fn);
      else if (!isOverwritten(kind, token) && !isTested(kind, token)) {
        const place = found.length < MAX_PLACES ? this.placeOf(token) : undefined;
        if (place) found.push(mentionFor(outside, place));
        else isLost = true;
      }
    }
    if (!isLocal) return [mentionFor(outside, NO_PURPOSE)];
    return isLost ? [...found, mentionFor(outside, NO_PURPOSE)] : found;
  }

  /** Where a variable's value goes at a token, as a whole: an argument, or a member. */
  private placeOf(token: number): MentionPurpose | undefined {
    const { kind, symbol } = this.scope.file.tree.tokens;
    const after = kind[token + 1];
    const isStored = kind[token - 1] === TokenKind.Assign && after === TokenKind.Semicolon && isMemberAccess(kind[token - 3]);
    if (isStored) return this.storedIn(token - 2);
    const isArgument = (kind[token - 1] === TokenKind.Comma || kind[token - 1] === TokenKind.LParen) && isArgumentEnd(after!);
    const call = isArgument ? enclosingCall(kind, token) : undefined;
    if (call === undefined || isMemberAccess(kind[call.name - 1])) return undefined;
    return { use: MentionUse.Call, owner: symbol[call.name]!, slot: call.position };
  }
}

/** Tokens of a table of functions before one of them. */
const MAX_TABLE = 200;

/** The brace that is open behind a token, going back; 0 where a statement begins before. */
function openBrace(kind: Kinds, from: number, first: number): number {
  let depth = 0;
  for (let token = from; token >= first; token--) {
    if (kind[token] === TokenKind.Semicolon) return 0;
    if (kind[token] === TokenKind.RBrace) depth++;
    else if (kind[token] === TokenKind.LBrace && depth-- === 0) return token;
  }
  return 0;
}

/** Places that one variable's value goes to. */
const MAX_PLACES = 4;

type Kinds = ArrayLike<number>;

function callMention(base: MentionPlace, call: ScannedCall, position: number): Mention {
  if (call.via !== Via.Name) return mentionFor(base, NO_PURPOSE);
  return mentionFor(base, { use: MentionUse.Call, owner: call.symbol, slot: position });
}

function isElementPart(kind: number): boolean {
  return kind === TokenKind.Identifier || kind === TokenKind.Comma || kind === TokenKind.Amp;
}

/** `x ? f : g` */
function isOneOfTwo(kind: Kinds, token: number): boolean {
  const before = kind[token - 1] === TokenKind.Amp ? kind[token - 2] : kind[token - 1];
  return before === TokenKind.Question || before === TokenKind.Colon;
}

function isArgumentEnd(kind: number): boolean {
  return kind === TokenKind.Comma || kind === TokenKind.RParen;
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
