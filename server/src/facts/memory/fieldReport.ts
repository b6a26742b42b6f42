import type { KernelModel } from '../../kernel/model';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { FieldCall, FieldConcern } from '../linkage/fieldVerdict';
import type { CallSite, FileFacts } from '../site';
import { declarationsOf } from '../sizes/declarations';
import { atomicAt } from './atomicAt';
import { convertible } from './convertible';
import { type FileMemory, memoryOf } from './fileMemory';
import { functionOfKey, type Life, lifeOfField, lifeOfHistory, lifeOfValue, type Release } from './life';
import { ELEMENTS, isIndirect, type PlaceHistory } from './placeHistories';
import { type Sources, sourcesOf, sourcesOfFunction, sourcesOfValue } from './sources';

/** What one file does with the memory behind a member; a plain value that a worker can send. */
export interface FieldReport {
  readonly path: string;
  /** `struct foo.ring`; `?.ring` when the file names such a member of a struct that could not be told. */
  readonly key: string;
  /** The file defines the struct. */
  readonly declares: boolean;
  readonly allocations: readonly FieldCall[];
  readonly releases: readonly FieldCall[];
  readonly unsure: boolean;
  readonly concerns: readonly FieldConcern[];
}

/**
 * All that a file does with members of these names, one report for each struct; members of structs that the file keeps to itself are left out. Also with what
 * functions return (`ring_new()`, `ring_new(*)`) and with what they get in a parameter (`ring_add(1)`).
 */
export function fieldReports(facts: FileFacts, model: KernelModel, members: readonly string[]): FieldReport[] {
  const memory = memoryOf(facts, model);
  return members.flatMap((member) =>
    member.endsWith(')') ? [functionReport(memory, member, model)] : keysOf(memory, member).map((key) => report(memory, key, model)),
  );
}

function functionReport(memory: FileMemory, key: string, model: KernelModel): FieldReport {
  const { name, position } = functionOfKey(key);
  const own = memory.functionNamed(name);
  const part = position === undefined ? resultPart(memory, name, own, model) : parameterPart(memory, { name, position }, own, model);
  return { path: memory.file.path, key, declares: own !== undefined, allocations: [], releases: [], unsure: false, concerns: [], ...part };
}

/** What a function of the file returns, or what the file does with the result of another file's function. */
function resultPart(memory: FileMemory, name: string, own: number | undefined, model: KernelModel): Partial<FieldReport> {
  if (own !== undefined) {
    const { allocations, complete } = sourcesOfFunction(memory, own);
    return { allocations: allocations.map((call) => allocationCall(memory, call, model)), unsure: !complete };
  }
  return lifePart(
    memory,
    [...memory.callNodesOf(name)].map((call) => lifeOfValue(memory, call)),
  );
}

/** What a function of the file does with a parameter, or what the file gives to another file's function. */
function parameterPart(
  memory: FileMemory,
  { name, position }: { readonly name: string; readonly position: number },
  own: number | undefined,
  model: KernelModel,
): Partial<FieldReport> {
  if (own !== undefined) {
    const history = memory.histories.ofParameter(own, position);
    return history === undefined ? { unsure: true } : lifePart(memory, [lifeOfHistory(memory, history)]);
  }
  const given = [...memory.callsOf(name)].map((args) => sourcesGiven(memory, args[position]));
  const known = given.filter(({ complete }) => complete).flatMap(({ allocations }) => allocations);
  return { allocations: known.map((call) => allocationCall(memory, call, model)), unsure: given.some(({ complete }) => !complete) };
}

/** Where an argument comes from. What a member holds counts when the file alone decides about it. */
function sourcesGiven(memory: FileMemory, argument: number | undefined): Sources {
  if (argument === undefined) return { allocations: [], complete: false, open: [], closed: false };
  const history = memory.history(argument);
  if (history === undefined) return sourcesOfValue(memory, argument);
  const sources = sourcesOf(memory, history);
  return history.kind === 'member' ? { ...sources, complete: sources.complete && history.closed } : sources;
}

function lifePart(memory: FileMemory, lives: readonly Life[]): Partial<FieldReport> {
  const { path } = memory.file;
  return {
    releases: lives.flatMap(({ releases }) => releases.map((release) => releaseCall(memory, release))),
    concerns: lives.flatMap(({ concerns, fields }) => [
      ...concerns.map(({ kind, reason, range }) => ({ kind, reason, path, ...range })),
      ...[...fields].map((field) => ({ kind: 'unseen' as const, reason: `it is stored in ${field}`, path, start: 0, end: 0 })),
    ]),
  };
}

function allocationCall(memory: FileMemory, call: CallSite, model: KernelModel): FieldCall {
  const known = fieldCall(memory.file.path, call.calleeRange, call, [call.api!.allocates!]);
  const large = convertible(call, model);
  return large === undefined ? known : { ...known, large };
}

function keysOf(memory: FileMemory, member: string): string[] {
  const { tree, parents } = memory;
  const symbol = memory.file.interner.find(member);
  const keys = new Set<string>();
  for (const node of memory.named(symbol)) {
    const kind = tree.kind[node];
    if (kind !== NodeKind.Arrow && kind !== NodeKind.Member) continue;
    const key = memory.memberKey(node);
    if (key === undefined || isIndirect(key)) keys.add(`?.${member}`);
    else if (!memory.histories.isPrivate(key))
      keys.add(isElement(tree.kind[parents[node]!]!, tree.child[parents[node]!] === node) ? key + ELEMENTS : key);
  }
  if (keys.size === 0 && memory.macroUsing(member) !== undefined) keys.add(`?.${member}`);
  for (const tag of declaringTags(memory, symbol)) keys.add(`${tag}.${member}`).add(`${tag}.${member}${ELEMENTS}`);
  return [...keys];
}

function isElement(parentKind: number, first: boolean): boolean {
  return parentKind === NodeKind.Index && first;
}

/** Structs of a header that have a member of this name. */
function declaringTags(memory: FileMemory, symbol: number): string[] {
  const { tree, file } = memory;
  if (file.path.endsWith('.c') || symbol === 0) return [];
  const tags: string[] = [];
  for (const [tag, nodes] of declarationsOf(file).records) {
    for (const node of nodes) {
      for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
        if (tree.tokens.symbol[token] !== symbol) continue;
        tags.push(`${(tree.aux[node]! & DeclFlag.Union) === 0 ? 'struct' : 'union'} ${file.interner.text(tag)}`);
        break;
      }
    }
  }
  return tags;
}

function report(memory: FileMemory, key: string, model: KernelModel): FieldReport {
  const { path } = memory.file;
  if (key.startsWith('?'))
    return { path, key, declares: false, allocations: [], releases: [], unsure: isTouched(memory, key.slice(2)), concerns: [] };
  const history = memory.histories.ofKey(key);
  const life = lifeOfField(memory, key);
  const sources = sourcesOf(memory, history);
  const reached = [...life.fields].filter((field) => field !== key);
  return {
    path,
    key,
    declares: isDeclared(memory, key),
    allocations: sources.allocations.map((call) => allocationCall(memory, call, model)),
    releases: life.releases.map((release) => releaseCall(memory, release)),
    unsure: !sources.complete,
    concerns: [
      ...life.concerns.map(({ kind, reason, range }) => ({ kind, reason, path, ...range })),
      ...reached.map((field) => ({ kind: 'unseen' as const, reason: `it is stored in ${field} as well`, path, ...firstRange(history) })),
    ],
  };
}

function firstRange({ uses }: PlaceHistory): { start: number; end: number } {
  return uses[0]?.range ?? { start: 0, end: 0 };
}

function releaseCall(memory: FileMemory, { callee, range, call }: Release): FieldCall {
  const families = call?.api?.frees?.families ?? (callee === 'kvfree' ? ['slab', 'kv', 'vmalloc', 'cache', 'bitmap'] : ['slab', 'bitmap']);
  return { path: memory.file.path, ...range, callee, families, atomic: call === undefined ? '' : atomicAt(memory, call) };
}

function fieldCall(path: string, range: { start: number; end: number }, { callee }: CallSite, families: FieldCall['families']): FieldCall {
  return { path, start: range.start, end: range.end, callee, families, atomic: '' };
}

/** Something is stored in, or freed out of, a member of this name whose struct is not known. */
function isTouched(memory: FileMemory, member: string): boolean {
  if (memory.macroUsing(member) !== undefined) return true;
  const { tree } = memory;
  for (const node of memory.named(memory.file.interner.find(member))) {
    if (tree.kind[node] !== NodeKind.Arrow && tree.kind[node] !== NodeKind.Member) continue;
    const key = memory.memberKey(node);
    if (key !== undefined && !isIndirect(key)) continue;
    const { kind, nullValue } = memory.useOf(node);
    if (kind === 'allocated' || kind === 'freed' || kind === 'address-taken' || (kind === 'assigned' && nullValue !== true)) return true;
  }
  return false;
}

function isDeclared(memory: FileMemory, key: string): boolean {
  const tag = /^(?:struct|union) (\w+)\./.exec(key)?.[1];
  const symbol = tag === undefined ? 0 : memory.file.interner.find(tag);
  return symbol !== 0 && declarationsOf(memory.file).records.has(symbol);
}
