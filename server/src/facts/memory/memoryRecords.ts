import { addTo } from '../../base/listsByKey';
import type { KernelModel } from '../../kernel/model';
import { isMemberAccess } from '../../syntax/brackets';
import { TokenKind } from '../../syntax/tokens';
import { isStaticFunction, type Tree } from '../../syntax/tree';
import { familyBit, MemoryAct, type MemoryRecord } from '../linkage/memoryRecord';
import type { CallSite, FileFacts, FunctionFacts } from '../site';
import { declarationsOf } from '../sizes/declarations';
import { convertible } from './convertible';
import { memoryOf } from './fileMemory';
import { endingCalls, type Handover, isOwnFunction, parameterPosition, storedNames } from './handovers';
import { functionOfKey, type Life, lifeOfResult } from './life';

/** What the functions of a file put into members and free out of them, by the calls that were recorded anyway; in steps, one for each function. */
export function* memoryRecords(
  facts: FileFacts,
  model: KernelModel,
): Generator<void, { readonly memory: MemoryRecord[]; readonly frees: number[] }> {
  const records = new Map<string, MemoryRecord>();
  const frees = new Set<number>();
  const strays = new Strays(facts);
  const add = (record: MemoryRecord): void =>
    void records.set(`${record.member} ${record.act} ${record.families} ${record.position ?? 0}`, record);
  for (const fn of facts.functions) {
    const variables = new Variables(fn);
    for (const call of fn.calls) {
      if (call.origin === 'macro' || call.api === undefined) continue;
      if (call.api.allocates !== undefined) {
        const families = familyBit(call.api.allocates);
        if (families === 0) continue;
        const life = convertible(call, model) === 'costly' ? lifeOfResult(memoryOf(facts, model), call) : undefined;
        for (const release of life?.releases ?? []) frees.add(release.range.start);
        const act = life !== undefined && isLeftToOthers(life) ? MemoryAct.FillsLarge : fillAct(call, model);
        for (const member of filledMembers(call, variables)) {
          add({ member, act, families });
          strays.fills(member);
        }
        if (call.result.kind === 'variable')
          for (const { symbol, position } of variables.endings(call.result.name, model))
            add({ member: symbol, act: MemoryAct.Passes, families, position });
        for (const record of largeHandovers(life, families, facts)) add(record);
        if (isReturned(call, variables)) add({ member: symbolOf(fn), act: MemoryAct.Returns, families });
      } else if (call.freed !== undefined) {
        const families = call.api.frees!.families.reduce((bits, family) => bits | familyBit(family), 0);
        for (const member of freedMembers(call, variables)) {
          add({ member, act: MemoryAct.Frees, families });
          strays.frees(member, families);
        }
        for (const name of makersOf(call, variables)) add({ member: name, act: MemoryAct.FreesResult, families });
        strays.freesVariable(call, variables, families);
      }
    }
    yield;
  }
  for (const record of strays.records()) add(record);
  return { memory: [...records.values()], frees: [...frees] };
}

function fillAct(call: CallSite, model: KernelModel): MemoryAct {
  const { result } = call;
  // No other file can name a member of a struct that the .c file defines.
  if (result.kind === 'field' && result.structTag !== undefined && isOwnStruct(call.function, result.structTag)) return MemoryAct.Fills;
  return convertible(call, model) === 'unbounded' ? MemoryAct.FillsUnbounded : MemoryAct.Fills;
}

/** Other files decide: nothing in this one stands against it, or nothing in this one frees it. */
function isLeftToOthers({ concerns, releases }: Life): boolean {
  return !concerns.some(({ kind }) => kind === 'contiguous') && (concerns.every(({ key }) => key !== undefined) || releases.length === 0);
}

/** Functions of other files that one block is given to, when they are asked about it. */
const MAX_HANDOVERS = 4;

/** Where large memory goes that other files decide about. */
function largeHandovers(life: Life | undefined, families: number, { file }: FileFacts): MemoryRecord[] {
  if (life === undefined || life.concerns.length > MAX_HANDOVERS || life.concerns.some(({ key }) => key === undefined)) return [];
  return life.concerns.map(({ key }) => {
    const { name, position } = functionOfKey(key!);
    const member = file.interner.intern(name);
    return position === undefined
      ? { member, act: MemoryAct.ReturnsLarge, families }
      : { member, act: MemoryAct.PassesLarge, families, position };
  });
}

/** Members and variables that the file frees although it allocates nothing for them: somebody hands the memory in. */
class Strays {
  private readonly filled = new Set<number>();
  private readonly freed = new Map<number, number>();
  private readonly found: MemoryRecord[] = [];
  private readonly variables = new Set<number>();

  constructor(private readonly facts: FileFacts) {}

  fills(member: number): void {
    this.filled.add(member);
  }

  frees(member: number, families: number): void {
    this.freed.set(member, families & (this.freed.get(member) ?? families));
  }

  /** A free of a plain variable that is no local one: a parameter, or a variable of the file. */
  freesVariable({ freed }: CallSite, variables: Variables, families: number): void {
    const { fn } = variables;
    if (freed!.allocations.length > 0 || !/^\w+$/.test(freed!.target)) return;
    const symbol = fn.file.interner.find(freed!.target);
    const position = parameterPosition(fn, symbol);
    if (position >= 0) this.parameter(fn, position, families);
    else if (!this.variables.has(symbol) && declarationsOf(fn.file).globals.has(symbol)) {
      this.variables.add(symbol);
      this.stored(fn, symbol, false, families);
    }
  }

  *records(): Iterable<MemoryRecord> {
    for (const [member, families] of this.freed) {
      const fn = this.filled.has(member) ? undefined : this.facts.functions[0];
      if (fn !== undefined) this.stored(fn, member, true, families);
    }
    yield* this.found;
  }

  /** The file stores in the place what a parameter brings, or what another file's function returns. */
  private stored(fn: FunctionFacts, target: number, member: boolean, families: number): void {
    const { file } = fn;
    const { symbol } = file.tree.tokens;
    for (const { token, isCall } of storedNames(fn, target, member)) {
      const name = symbol[token]!;
      if (isCall) {
        if (!isOwnFunction(file, name)) this.found.push({ member: name, act: MemoryAct.FreesResult, families });
        continue;
      }
      const entry = file.functions.find(({ node }) => file.tree.first[node]! <= token && token < file.tree.end[node]!);
      const position = entry === undefined ? -1 : parameterPosition({ file, entry }, name);
      if (position >= 0) this.parameter({ file, entry: entry! }, position, families);
    }
  }

  private parameter(fn: Pick<FunctionFacts, 'file' | 'entry'>, position: number, families: number): void {
    if (!isHidden(fn)) this.found.push({ member: symbolOf(fn), act: MemoryAct.FreesParameter, families, position });
  }
}

function isOwnStruct({ file }: FunctionFacts, tag: string): boolean {
  const symbol = file.interner.find(tag.replace(/^(struct|union) /, ''));
  return symbol !== 0 && file.path.endsWith('.c') && declarationsOf(file).records.has(symbol);
}

/** What becomes of the local variables of a function; each is looked through once, however many calls it takes part in. */
class Variables {
  private readonly known = new Map<string, readonly number[]>();
  private readonly returned = new Map<string, boolean>();

  /** The tokens of the function's body, by symbol. */
  private places: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(readonly fn: FunctionFacts) {}

  /** Members that the variable is stored in. */
  filled(name: string): readonly number[] {
    const { fn } = this;
    return this.once(`${name} filled`, () => this.tokensOf(name).flatMap((token) => memberBefore(fn.file.tree, token)));
  }

  /** Members that it is read from. */
  read(name: string): readonly number[] {
    const { fn } = this;
    return this.once(`${name} read`, () => assignedTokens(this.tokensOf(name), fn).flatMap((token) => memberAfter(fn.file.tree, token)));
  }

  /** Functions of other files that it is the result of. */
  makers(name: string): readonly number[] {
    const { fn } = this;
    return this.once(`${name} makers`, () => assignedTokens(this.tokensOf(name), fn).flatMap((token) => makerAt(token, fn)));
  }

  /** Functions of other files that end its life, by their names. */
  endings(name: string, model: KernelModel): readonly Handover[] {
    return endingCalls(this.tokensOf(name), this.fn, model);
  }

  isGivenBack(name: string): boolean {
    let answer = this.returned.get(name);
    if (answer === undefined) this.returned.set(name, (answer = isGivenBack(this.tokensOf(name), this.fn)));
    return answer;
  }

  /** The tokens that spell a local variable. */
  private tokensOf(name: string): readonly number[] {
    this.places ??= tokensBySymbol(this.fn);
    return this.places.get(this.fn.file.interner.find(name)) ?? [];
  }

  private once(key: string, compute: () => number[]): readonly number[] {
    let found = this.known.get(key);
    if (found === undefined) this.known.set(key, (found = [...new Set(compute())]));
    return found;
  }
}

/** Names of the members that the result of a call is stored in: at once, or by way of a local variable. */
function filledMembers({ result }: CallSite, variables: Variables): readonly number[] {
  if (result.kind === 'field' || result.kind === 'other') return symbolOfText(result.text, variables.fn);
  return result.kind === 'variable' ? variables.filled(result.name) : [];
}

function symbolOf({ file, entry }: Pick<FunctionFacts, 'file' | 'entry'>): number {
  return file.tree.tokens.symbol[file.tree.tok[entry.node]!]!;
}

/** The result of a call goes back to whoever calls a function of the kernel. */
function isReturned({ result }: CallSite, variables: Variables): boolean {
  const returned = result.kind === 'returned' || (result.kind === 'variable' && variables.isGivenBack(result.name));
  return returned && !isHidden(variables.fn);
}

function isGivenBack(places: readonly number[], fn: FunctionFacts): boolean {
  const { kind } = fn.file.tree.tokens;
  return places.some((token) => kind[token - 1] === TokenKind.Return && kind[token + 1] === TokenKind.Semicolon);
}

/** No other file can call the function. The static inline functions of headers are everybody's. */
function isHidden(fn: Pick<FunctionFacts, 'file' | 'entry'>): boolean {
  return isStaticFunction(fn.file.tree, fn.entry.node) && !fn.file.path.endsWith('.h');
}

/** Functions of other files whose results are freed by way of a local variable: `p = f(…); kfree(p);`. */
function makersOf({ freed }: CallSite, variables: Variables): readonly number[] {
  const { target, allocations } = freed!;
  return allocations.length > 0 || !/^\w+$/.test(target) ? [] : variables.makers(target);
}

/** The function of another file that is called alone behind the `=` at a token. */
function makerAt(token: number, { file }: FunctionFacts): number[] {
  const { tree } = file;
  const isCall = tree.tokens.kind[token + 1] === TokenKind.Identifier && tree.tokens.kind[token + 2] === TokenKind.LParen;
  const symbol = isCall && tree.tokens.kind[token] === TokenKind.Assign ? tree.tokens.symbol[token + 1]! : 0;
  return symbol === 0 || isOwnFunction(file, symbol) ? [] : [symbol];
}

/** The tokens behind a local variable where it is assigned to. */
function assignedTokens(places: readonly number[], fn: FunctionFacts): number[] {
  const { kind } = fn.file.tree.tokens;
  return places.flatMap((token) => (kind[token + 1] === TokenKind.Assign && !isMemberAccess(kind[token - 1]) ? [token + 1] : []));
}

/** Names of the members whose value is freed: as they are, or by way of a local variable. */
function freedMembers({ freed }: CallSite, variables: Variables): readonly number[] {
  const { target } = freed!;
  return /^\w+$/.test(target) ? variables.read(target) : symbolOfText(target, variables.fn);
}

/** `priv->rx.ring` and `priv->rings[i]` name ring and rings. */
function symbolOfText(text: string, { file }: FunctionFacts): number[] {
  const name = /(?:->|\.)(\w+)(?:\[[^\]]*\])?$/.exec(text)?.[1];
  const symbol = name === undefined ? 0 : file.interner.find(name);
  return symbol === 0 ? [] : [symbol];
}

/** Where each word stands in a function. */
function tokensBySymbol({ file: { tree }, entry }: FunctionFacts): Map<number, number[]> {
  const { symbol } = tree.tokens;
  const places = new Map<number, number[]>();
  for (let token = tree.first[entry.node]!; token < tree.end[entry.node]!; token++) {
    const word = symbol[token]!;
    if (word !== 0) addTo(places, word, token);
  }
  return places;
}

/** `x->ring = p;` with the token of `p`. */
function memberBefore({ tokens }: Tree, token: number): number[] {
  const at = token - 1;
  if (tokens.kind[at] !== TokenKind.Assign) return [];
  return memberAt(tokens, at - 1);
}

/** `p = x->ring;` with the token behind `p`. */
function memberAfter({ tokens }: Tree, token: number): number[] {
  if (tokens.kind[token] !== TokenKind.Assign) return [];
  let end = token + 1;
  while (end < tokens.count && tokens.kind[end] !== TokenKind.Semicolon && tokens.kind[end] !== TokenKind.Comma) end++;
  return memberAt(tokens, end - 1);
}

/** The member whose name, or whose index, ends at a token. */
function memberAt(tokens: Tree['tokens'], last: number): number[] {
  let at = last;
  if (tokens.kind[at] === TokenKind.RBracket) {
    while (at > 0 && tokens.kind[at] !== TokenKind.LBracket) at--;
    at--;
  }
  return tokens.kind[at] === TokenKind.Identifier && isMemberAccess(tokens.kind[at - 1]) ? [tokens.symbol[at]!] : [];
}
