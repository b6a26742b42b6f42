import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnalysisContext } from '../program/analyseSource';
import { textBytes } from '../program/cache/container';
import { isSettled } from '../program/cache/fileStamp';
import { modelStamp } from '../program/cache/modelStamp';
import { openAnswers, type ProgramAnswers, packAnswers } from '../program/cache/programAnswers';
import { packShards, readShard } from '../program/cache/shardPart';
import { openState, packState } from '../program/cache/stateFile';
import { TreeState } from '../program/cache/treeState';
import { type Changes, validate } from '../program/cache/validate';
import type { Shard } from '../program/link/shard';
import type { ReportedFinding } from '../report/record';
import { CacheFolder, cacheRoot, STATE } from './cacheFolder';
import { digestOf, stampOfFile } from './contentStamp';
import type { ContextSetup } from './context';
import { isWithin } from './paths';
import type { FoundSource } from './sources';
import { treeOnDisk } from './tree';
import { namesOfTree } from './treeNames';

export type CheckState = TreeState<ReportedFinding>;

/** What a run is about, as far as its cache is concerned. */
export interface CacheRequest {
  /** The kernel tree. */
  readonly root: string;
  readonly setup: ContextSetup;
  readonly context: AnalysisContext;
  /** The folders and files that were given, absolute. */
  readonly given: readonly string[];
  /** By path relative to the root. */
  readonly entries: ReadonlyMap<string, FoundSource>;
  /** When the entries were looked up, in milliseconds. */
  readonly at: number;
}

/** What earlier runs have left, as far as it still holds, and where this run leaves what it finds. Never fails: a cache that cannot be used is empty. */
export class TreeCache {
  /** What is wrong with the cache, for `--stats`. */
  readonly troubles: string[] = [];
  readonly changes: Changes;
  readonly state: CheckState;
  /** Names the program that these files are. */
  readonly scope: string;
  /** When the files were listed. */
  readonly at: number;
  /** Of the linkage that the kept program of this scope rested on, when the last run ended. */
  readonly before: string;
  private readonly folder: CacheFolder;
  private isWritable = true;
  /** Shards of this run that could not be written: an index needs them as long as it lives. */
  private readonly unwritten = new Map<number, Shard>();

  constructor(private readonly request: CacheRequest) {
    const { root, entries, at } = request;
    this.scope = scopeOf(request);
    this.at = at;
    this.folder = new CacheFolder(cacheRoot(), keyOf(request));
    this.state = this.load();
    const files = new Map([...entries].map(([path, { stamp }]) => [path, stamp!]));
    this.changes = validate(this.state, {
      files,
      names: namesOfTree(root),
      stampOf: (path) => stampOfFile(join(root, path)),
      hashOf: (path) => hashOfFile(join(root, path)),
      at,
    });
    this.before = this.state.programs.get(this.scope)?.current === false ? this.digestOf(this.changes.previous) : '';
  }

  private load(): CheckState {
    const bytes = this.folder.read(STATE);
    const state = bytes === undefined ? new TreeState<ReportedFinding>() : openState<ReportedFinding>(bytes, digestOf);
    if (!('problem' in state)) return state;
    this.troubles.push(`was ${state.problem} and is made anew`);
    return new TreeState();
  }

  /** Of the linkage of all files of this run; `previous` in place of what the state has. Workers may hand in other shards for the same files. */
  digestOf(previous: Changes['previous'] = new Map()): string {
    const { records, shards } = this.state;
    const lines: string[] = [];
    const gone = [...previous.keys()].filter((path) => this.isAsked(path));
    for (const path of new Set([...this.request.entries.keys(), ...gone])) {
      const linkage = previous.get(path) ?? records.get(path)?.outcome?.linkage;
      if (linkage) lines.push(`${path} ${shards[linkage.shard]?.digest ?? ''} ${linkage.start}`);
    }
    return digestOf(textBytes(lines.sort().join('\n')));
  }

  /** Whether a path lies below what was given. */
  isAsked(path: string): boolean {
    return this.request.given.some((folder) => isWithin(folder, join(this.request.root, path)));
  }

  /** Writes shards of this run down, which the state knows by number only. */
  keepShards(fresh: ReadonlyMap<number, Shard>): void {
    const numbers = [...fresh.keys()].filter((number) => this.state.shards[number] === undefined);
    if (numbers.length === 0) return;
    const part = this.folder.freshName('shards');
    const { bytes, refs } = packShards(
      part,
      numbers.map((number) => fresh.get(number)!),
      digestOf,
    );
    this.isWritable &&= this.folder.write(part, bytes);
    for (const [index, number] of numbers.entries()) {
      this.state.shards[number] = refs[index];
      if (!this.isWritable) this.unwritten.set(number, fresh.get(number)!);
    }
  }

  /** Reads the shards of the state as it is now, by number; holds nothing else of the state. */
  shardReader(): (number: number) => Shard | undefined {
    const { folder, unwritten } = this;
    const shards = [...this.state.shards];
    return (number) => {
      const ref = shards[number];
      return unwritten.get(number) ?? (ref && readShard(folder, ref));
    };
  }

  /** A shard of an earlier run, without any of its files. */
  shard(number: number): Shard | undefined {
    const ref = this.state.shards[number];
    const shard = ref && readShard(this.folder, ref);
    if (shard === undefined) this.troubles.push('has lost part of what it held, which is made anew');
    return shard;
  }

  /** What the files of this run said together, when they were put together last. */
  answers(): ProgramAnswers | undefined {
    const program = this.state.programs.get(this.scope);
    const answers = program && openAnswers(this.folder.read(program.answers), digestOf);
    if (program !== undefined && answers === undefined) this.troubles.push('has lost part of what it held, which is made anew');
    return answers;
  }

  /** The name of the piece that holds them. */
  keepAnswers(answers: ProgramAnswers): string {
    const part = this.folder.freshName('answers');
    this.isWritable &&= this.folder.write(part, packAnswers(answers, digestOf));
    return part;
  }

  /** Writes the state, unless nothing is new. */
  save(isNew: boolean): void {
    if (!isNew && !this.changes.isStale) return;
    this.noteHeaders();
    this.isWritable &&= this.folder.write(STATE, packState(this.state, digestOf));
    if (!this.isWritable) this.troubles.push('cannot be written');
    const { shards, programs } = this.state;
    this.folder.sweep(new Set([...shards.flatMap((ref) => ref?.part ?? []), ...[...programs.values()].map(({ answers }) => answers)]));
  }

  /** Headers that are not checked themselves: what was read of them counts only when they have not changed since the run began. */
  private noteHeaders(): void {
    const { state } = this;
    const { root, at } = this.request;
    for (const path of state.includes.headers()) {
      if (state.records.get(path)?.stamp !== undefined || this.request.entries.has(path)) continue;
      const stamp = stampOfFile(join(root, path));
      if (stamp === undefined) continue;
      const settled = isSettled(stamp, at);
      const hash = settled ? (hashOfFile(join(root, path)) ?? '') : '';
      state.records.set(path, { stamp, settled, hash, included: true, outcome: undefined });
    }
  }
}

function hashOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** All that findings rest on besides the files: the program itself, the tree, its model, the rules. */
function keyOf({ root, setup, context }: CacheRequest): string {
  const tree = treeOnDisk(root);
  const config = setup.config ?? tree.read('.config') ?? tree.read('include/generated/autoconf.h') ?? '';
  const program = hashOfFile(__filename) ?? '';
  return [program, root, setup.kernel ?? '', modelStamp(context, config, tree.read)].join('\n');
}

function scopeOf({ root, given }: CacheRequest): string {
  return digestOf(textBytes([root, ...[...given].sort()].join('\n')));
}
