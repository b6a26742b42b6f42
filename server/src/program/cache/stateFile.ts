import type { CacheStore } from './cacheStore';
import { bytesOf, float64Of, int32Of, openSections, packSections, type Sections, textBytes, textOf } from './container';
import { IncludeGraph } from './includeGraph';
import { type FileOutcome, type FileRefusal, type ProgramRecord, type SecondLook, type ShardRef, TreeState } from './treeState';

/** size, modified, changed, inode */
const STAMP_FIELDS = 4;
/** flags, bytes, functions, calls, shard, start */
const NUMBER_FIELDS = 6;
const SETTLED = 1;
const HAS_OUTCOME = 2;
const ANALYSED = 4;
const LINKED = 8;
const INCLUDED = 16;

/** What does not fit into columns of numbers. */
interface Rest<F> {
  readonly gaps: Record<string, Readonly<Record<string, number>>>;
  readonly refusals: Record<string, FileRefusal>;
  readonly findings: Record<string, readonly F[]>;
  readonly shards: readonly ShardRef[];
  readonly programs: readonly ProgramRow<F>[];
}

/** Scope, what is no map or set, the files that were looked at again, and those that changed since. */
type ProgramRow<F> = readonly [
  string,
  Pick<ProgramRecord<F>, 'digest' | 'gaps' | 'answers' | 'current'>,
  readonly (readonly [string, SecondLook<F>])[],
  readonly string[],
];

/** The state as one piece. Files that changed while they were read are left out, and so are shards that nobody uses. */
export function packState<F>(state: TreeState<F>, digest: CacheStore['digest']): readonly Uint8Array[] {
  const headers = state.includes.headers();
  const paths = [...state.records].filter(([, { stamp }]) => stamp !== undefined).map(([path]) => path);
  const numbers = new Int32Array(paths.length * NUMBER_FIELDS);
  const stamps = new Float64Array(paths.length * STAMP_FIELDS);
  const hashes: string[] = [];
  const rest: Rest<F> & { shards: ShardRef[] } = { gaps: {}, refusals: {}, findings: {}, shards: [], programs: programRows(state) };
  const shardNumbers = new Map<number, number>();
  const shardNumber = (shard: number): number => {
    let number = shardNumbers.get(shard);
    if (number === undefined) {
      shardNumbers.set(shard, (number = rest.shards.length));
      rest.shards.push(state.shards[shard]!);
    }
    return number;
  };
  for (const [index, path] of paths.entries()) {
    const { stamp, settled, hash, included, outcome } = state.records.get(path)!;
    const { size, modified, changed, inode } = stamp!;
    stamps.set([size, modified, changed, inode], index * STAMP_FIELDS);
    hashes.push(hash);
    const flags =
      (settled ? SETTLED : 0) |
      (outcome ? HAS_OUTCOME : 0) |
      (outcome?.analysed ? ANALYSED : 0) |
      (outcome?.linkage ? LINKED : 0) |
      (included || headers.has(path) ? INCLUDED : 0);
    const { bytes = 0, functions = 0, calls = 0, linkage, gaps, refusal } = outcome ?? {};
    const place = linkage ? [shardNumber(linkage.shard), linkage.start] : [0, 0];
    numbers.set([flags, bytes, functions, calls, ...place], index * NUMBER_FIELDS);
    if (gaps) rest.gaps[path] = gaps;
    if (refusal) rest.refusals[path] = refusal;
    const findings = state.findings.get(path);
    if (findings) rest.findings[path] = findings;
  }
  const includes = state.includes.rows();
  const sections: [string, Uint8Array][] = [
    ['paths', lines(paths)],
    ['stamps', bytesOf(stamps)],
    ['hashes', lines(hashes)],
    ['numbers', bytesOf(numbers)],
    ['names', textBytes(state.names)],
    ['rest', textBytes(JSON.stringify(rest))],
    ['include nodes', lines(includes.nodes)],
    ['include edges', bytesOf(includes.edges)],
    ['askers', lines(includes.asked)],
  ];
  return packSections(new Map(sections), digest);
}

function programRows<F>(state: TreeState<F>): Rest<F>['programs'] {
  return [...state.programs].map(([scope, { second, lost, ...program }]) => [scope, program, [...second], [...lost]]);
}

/** The state of a piece that {@link packState} made, or what is wrong with the piece. */
export function openState<F>(bytes: Uint8Array, digest: CacheStore['digest']): TreeState<F> | { readonly problem: string } {
  const opened = openSections(bytes, digest);
  if ('problem' in opened) return opened;
  const { sections } = opened;
  const state = new TreeState<F>(() => includesOf(sections));
  const rest = JSON.parse(textOf(sections.get('rest')!)) as Rest<F>;
  const stamps = float64Of(sections.get('stamps')!);
  const numbers = int32Of(sections.get('numbers')!);
  const hashes = linesOf(sections.get('hashes')!);
  for (const [index, path] of linesOf(sections.get('paths')!).entries()) {
    const at = index * STAMP_FIELDS;
    const stamp = { size: stamps[at]!, modified: stamps[at + 1]!, changed: stamps[at + 2]!, inode: stamps[at + 3]! };
    const flags = numbers[index * NUMBER_FIELDS]!;
    state.records.set(path, {
      stamp,
      settled: (flags & SETTLED) !== 0,
      hash: hashes[index]!,
      included: (flags & INCLUDED) !== 0,
      outcome: outcomeOf(path, numbers, index * NUMBER_FIELDS, rest),
    });
  }
  for (const [path, findings] of Object.entries(rest.findings)) state.findings.set(path, findings);
  state.shards.push(...rest.shards);
  for (const [scope, program, second, lost] of rest.programs)
    state.programs.set(scope, { ...program, second: new Map(second), lost: new Set(lost) });
  state.names = textOf(sections.get('names')!);
  return state;
}

function outcomeOf(path: string, numbers: Int32Array, at: number, rest: Rest<unknown>): FileOutcome | undefined {
  const flags = numbers[at]!;
  if ((flags & HAS_OUTCOME) === 0) return undefined;
  return {
    bytes: numbers[at + 1]!,
    analysed: (flags & ANALYSED) !== 0,
    functions: numbers[at + 2]!,
    calls: numbers[at + 3]!,
    linkage: (flags & LINKED) === 0 ? undefined : { shard: numbers[at + 4]!, start: numbers[at + 5]! },
    gaps: rest.gaps[path],
    refusal: rest.refusals[path],
  };
}

function includesOf(sections: Sections): IncludeGraph {
  const graph = new IncludeGraph();
  graph.add({
    nodes: linesOf(sections.get('include nodes')!),
    edges: int32Of(sections.get('include edges')!),
    asked: linesOf(sections.get('askers')!),
  });
  return graph;
}

/** Texts without line breaks, one a line. */
function lines(texts: readonly string[]): Uint8Array {
  return textBytes(texts.join('\n'));
}

function linesOf(bytes: Uint8Array): readonly string[] {
  return bytes.length === 0 ? [] : textOf(bytes).split('\n');
}
