import type { KernelModel } from '../../kernel/model';
import { DeclFlag, NodeKind } from '../../syntax/nodes';
import type { FieldCall, FieldConcern } from '../linkage/fieldVerdict';
import type { CallSite, FileFacts } from '../site';
import { declarationsOf } from '../sizes/declarations';
import { atomicAt } from './atomicAt';
import { convertible } from './convertible';
import { type FileMemory, memoryOf } from './fileMemory';
import { lifeOfField, lifeOfValue, type Release } from './life';
import { ELEMENTS, isIndirect, type PlaceHistory } from './placeHistories';
import { sourcesOf, sourcesOfFunction } from './sources';

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

/** All that a file does with members of these names, or with what functions return (`ring_new()`), one report for each struct; members of structs that the file keeps to itself are left out. */
export function fieldReports(facts: FileFacts, model: KernelModel, members: readonly string[]): FieldReport[] {
  const memory = memoryOf(facts, model);
  return members.flatMap((member) =>
    member.endsWith('()') ? [resultReport(memory, member)] : keysOf(memory, member).map((key) => report(memory, key, model)),
  );
}

/** What a function of the file returns, or what the file does with the result of another file's function. */
function resultReport(memory: FileMemory, key: string): FieldReport {
  const { path } = memory.file;
  const own = memory.functionNamed(key.slice(0, -2));
  if (own !== undefined) {
    const { allocations, complete } = sourcesOfFunction(memory, own);
    const calls = allocations.map((call) => fieldCall(path, call.calleeRange, call, [call.api!.allocates!]));
    return { path, key, declares: true, allocations: calls, releases: [], unsure: !complete, concerns: [] };
  }
  const releases = [...memory.callNodesOf(key.slice(0, -2))].flatMap((call) => lifeOfValue(memory, call).releases);
  const calls = releases.map((release) => releaseCall(memory, release));
  return { path, key, declares: false, allocations: [], releases: calls, unsure: false, concerns: [] };
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
    allocations: sources.allocations.map((call) => {
      const known = fieldCall(path, call.calleeRange, call, [call.api!.allocates!]);
      return convertible(call, model) === undefined ? known : { ...known, large: true };
    }),
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
