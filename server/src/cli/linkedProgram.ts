import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict, Verdicts } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import { textBytes } from '../program/cache/container';
import { compareLinkage, type Moved, moveVerdicts } from '../program/cache/movedLinkage';
import type { ProgramAnswers } from '../program/cache/programAnswers';
import type { LinkageRef, SecondLook } from '../program/cache/treeState';
import type { FieldVerdicts } from '../program/link/fieldVerdicts';
import { ProgramGraph } from '../program/link/graph';
import type { Shard } from '../program/link/shard';
import { keepFiles } from '../program/link/shardWalk';
import type { ReportedFinding } from '../report/record';
import { unusedSuppression } from '../rules/unusedSuppression';
import type { WorkerSetup } from './checker';
import type { CheckEntry } from './checkFiles';
import { digestOf } from './contentStamp';
import type { FoundSource } from './sources';
import type { CheckState, TreeCache } from './treeCache';

export interface ProgramRequest {
  /** By path relative to the root. */
  readonly entries: ReadonlyMap<string, FoundSource>;
  readonly state: CheckState;
  /** Shards of this run, by their number in the state. */
  readonly fresh: Map<number, Shard>;
  readonly setup: WorkerSetup;
  readonly cache: TreeCache | undefined;
}

/** A file of which the others say something that is to be reported. */
export interface AgainEntry {
  /** Relative to the root. */
  readonly path: string;
  readonly key: string;
  readonly request: CheckEntry;
}

/** Pieces of shards that many runs have left; more are put together to one. */
const MAX_PARTS = 12;
/** Part of the files of all shards that must still be in use. */
const LEAST_USE = 0.7;

/** The files of a run as one program. */
export class LinkedProgram {
  private readonly old = new Map<number, Shard | undefined>();
  private known: ProgramAnswers | undefined;
  private lostFields: ProgramAnswers['fields'] = new Map();
  private moved: ReadonlyMap<string, Moved> | undefined;

  constructor(private readonly request: ProgramRequest) {}

  /** What was said when the files were put together last, without what single files said that have changed since. */
  private before(): ProgramAnswers | undefined {
    const { cache, state } = this.request;
    const known = cache && state.programs.get(cache.scope);
    if (this.known === undefined && known !== undefined) {
      const answers = cache!.answers();
      this.known = answers && { ...answers, fields: new Map([...answers.fields].filter(([path]) => !known.lost.has(path))) };
      this.lostFields = new Map([...(answers?.fields ?? [])].filter(([path]) => known.lost.has(path)));
    }
    return this.known;
  }

  /** What files said of members and still say. */
  keptFields(): ProgramAnswers['fields'] {
    return this.before()?.fields ?? new Map();
  }

  /**
   * What was known, when the files that were looked at again tell the tree what they told before, if only at other places. Undefined when
   * they do not, and all files must be put together anew.
   */
  kept(): Omit<ProgramAnswers, 'fields'> | undefined {
    const { cache, state } = this.request;
    const known = cache && state.programs.get(cache.scope);
    if (cache === undefined || known === undefined || cache.before !== known.digest) return undefined;
    this.moved = this.movedFiles(cache);
    const before = this.moved && this.before();
    const verdicts = before && moveVerdicts(before.verdicts, this.moved!);
    return verdicts && { verdicts, questions: before.questions, gaps: before.gaps };
  }

  /** Whether files free the members that they were asked about where they did before: contexts of these calls are followed. */
  freesAsBefore(fields: ProgramAnswers['fields']): boolean {
    const starts = (reports: readonly FieldReport[]): readonly number[] =>
      reports.flatMap(({ releases }) => releases.map(({ start }) => start));
    return [...fields].every(([path, { reports }]) => {
      const kept = this.known?.fields.get(path);
      const moved = this.moved?.get(path);
      const before = kept
        ? starts(kept.reports)
        : starts(this.lostFields.get(path)?.reports ?? []).map((start) => (moved === undefined ? start : (moved.get(start) ?? -1)));
      return JSON.stringify(before) === JSON.stringify(starts(reports));
    });
  }

  private movedFiles(cache: TreeCache): ReadonlyMap<string, Moved> | undefined {
    const { entries, state } = this.request;
    const { changes } = cache;
    const moved = new Map<string, Moved>();
    const linkageOf = (path: string): LinkageRef | undefined => state.records.get(path)?.outcome?.linkage;
    for (const path of entries.keys()) {
      const now = linkageOf(path);
      const before = changes.previous.get(path);
      const isNew = now !== undefined && this.request.fresh.has(now.shard);
      if (!isNew && before === undefined) continue;
      const outcome = before && now && isNew ? this.compare(before, now) : 'different';
      if (outcome === 'different') return undefined;
      if (outcome !== 'same') moved.set(path, outcome);
      else this.relink(path, before!);
    }
    return [...changes.previous.keys()].some((path) => !entries.has(path) && cache.isAsked(path)) ? undefined : moved;
  }

  private compare(before: LinkageRef, now: LinkageRef): ReturnType<typeof compareLinkage> {
    const old = this.shard(before.shard);
    if (old === undefined) return 'different';
    return compareLinkage({ shard: old, start: before.start }, { shard: this.shard(now.shard)!, start: now.start });
  }

  private relink(path: string, linkage: LinkageRef): void {
    const { records } = this.request.state;
    const record = records.get(path)!;
    records.set(path, { ...record, outcome: { ...record.outcome!, linkage } });
  }

  private shard(number: number): Shard | undefined {
    const { fresh, cache } = this.request;
    if (fresh.has(number)) return fresh.get(number);
    if (!this.old.has(number)) this.old.set(number, cache?.shard(number));
    return this.old.get(number);
  }

  /** Writes down the shards of this run that are in use. */
  keep(): void {
    const { fresh, state, cache } = this.request;
    if (cache === undefined) return;
    const used = new Set([...state.records.values()].map(({ outcome }) => outcome?.linkage?.shard));
    for (const number of fresh.keys()) if (!used.has(number)) fresh.delete(number);
    cache.keepShards(fresh);
  }

  /** Files whose linkage was lost: the piece of the cache that held it is gone or damaged. */
  lost(): readonly string[] {
    return [...this.linkedFiles()].filter(([number]) => this.shard(number) === undefined).flatMap(([, files]) => [...files.keys()]);
  }

  /** Puts all files together. The shards are given up with the graph made: both together are a tenth of the tree's size. */
  graph(): ProgramGraph {
    const { cache, fresh } = this.request;
    if (cache && this.isScattered()) this.gather();
    this.keep();
    const shards = [...this.linkedFiles()].map(([number, files]) => ({ ...this.shard(number)!, starts: [...files.values()] }));
    fresh.clear();
    this.old.clear();
    return ProgramGraph.of(shards.splice(0));
  }

  /** Where the files of this run begin, by path, for each shard. */
  private linkedFiles(): ReadonlyMap<number, ReadonlyMap<string, number>> {
    const { entries, state } = this.request;
    const files = new Map<number, Map<string, number>>();
    for (const path of entries.keys()) {
      const linkage = state.records.get(path)?.outcome?.linkage;
      if (linkage === undefined) continue;
      const known = files.get(linkage.shard);
      if (known) known.set(path, linkage.start);
      else files.set(linkage.shard, new Map([[path, linkage.start]]));
    }
    return files;
  }

  private isScattered(): boolean {
    const { shards } = this.request.state;
    const files = this.linkedFiles();
    const refs = [...files.keys()].flatMap((number) => shards[number] ?? []);
    const written = refs.reduce((sum, ref) => sum + ref.files, 0);
    const used = [...files].reduce((sum, [number, { size }]) => sum + (shards[number] ? size : 0), 0);
    return new Set(refs.map(({ part }) => part)).size > MAX_PARTS || used < written * LEAST_USE;
  }

  /** Takes the files out of shards that hold much else, as if they had been analysed just now. */
  private gather(): void {
    const { state, fresh } = this.request;
    for (const [number, files] of this.linkedFiles()) {
      const shard = this.shard(number)!;
      const starts = [...files].sort(([, a], [, b]) => a - b);
      const kept = keepFiles(
        shard,
        starts.map(([, start]) => start),
      );
      const now = state.shards.push(undefined) - 1;
      fresh.set(now, kept);
      for (const [index, [path]] of starts.entries()) this.relink(path, { shard: now, start: kept.starts[index]! });
    }
  }

  /** The files of which verdicts are to be reported: those that must be looked at once more, and what is known of the others. */
  toLookAtAgain(
    verdicts: Verdicts,
    fields: FieldVerdicts,
    known: ReadonlyMap<string, SecondLook<ReportedFinding>> | undefined,
  ): { readonly again: readonly AgainEntry[]; readonly done: Map<string, SecondLook<ReportedFinding>> } {
    const { entries } = this.request;
    const again: AgainEntry[] = [];
    const done = new Map<string, SecondLook<ReportedFinding>>();
    for (const [path, entry] of entries) {
      const [calls = [], members] = [verdicts.get(path), fields.get(path)];
      if (members === undefined && (calls.length === 0 || !this.isWanted(path, calls))) continue;
      const key = this.keyOf(calls, members ?? []);
      const look = known?.get(path);
      if (look !== undefined && look.key === key) done.set(path, look);
      else again.push({ path, key, request: { path: entry.path, size: entry.size, verdicts: calls, ...(members && { fields: members }) } });
    }
    return { again, done };
  }

  /** Where only certain findings are shown, files with possible ones matter only if a comment allows them. */
  private isWanted(path: string, verdicts: readonly CallVerdict[]): boolean {
    const { setup, state } = this.request;
    if (setup.context.rules.possible || verdicts.some((verdict) => verdict.certainty === 'definite')) return true;
    return state.findings.get(path)?.some(({ rule }) => rule === unusedSuppression.id) === true;
  }

  /** What a second look rests on besides the file itself: the verdicts, and the texts whose lines they name. */
  private keyOf(verdicts: readonly CallVerdict[], fields: readonly FieldVerdict[]): string {
    const { cache, state } = this.request;
    if (cache === undefined) return '';
    const places = [
      ...verdicts.flatMap(({ steps }) => steps),
      ...fields.flatMap(({ allocations, releases, concerns }) => [...allocations, ...releases, ...concerns]),
    ];
    const texts = new Set(places.map(({ path }) => path));
    return digestOf(textBytes(JSON.stringify([verdicts, fields, ...[...texts].map((path) => state.records.get(path)?.hash ?? '')])));
  }
}
