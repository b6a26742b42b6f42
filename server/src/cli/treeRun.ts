import { join } from 'node:path';
import type { FieldReport } from '../facts/memory';
import { isSettled, sameStamp } from '../program/cache/fileStamp';
import type { ProgramAnswers } from '../program/cache/programAnswers';
import { type FileOutcome, type SecondLook, TreeState } from '../program/cache/treeState';
import { analyseProgram } from '../program/link/analyseProgram';
import { FieldInquiry, type OpenFile } from '../program/link/fieldInquiry';
import { fieldVerdicts, markFrees } from '../program/link/fieldVerdicts';
import type { Shard } from '../program/link/shard';
import { ShardBlocks } from '../program/link/shardBlocks';
import { memoryQuestions } from '../program/memoryQuestions';
import type { ReportedFinding } from '../report/record';
import type { WorkerSetup } from './checker';
import type { BatchResult, FileRow } from './checkFiles';
import { analysisContext } from './context';
import type { Crew } from './crew';
import { collectGarbage } from './engine';
import { type AgainEntry, LinkedProgram } from './linkedProgram';
import type { Progress } from './progress';
import { entriesBelow, type FoundSource, findSources } from './sources';
import type { CheckState, TreeCache } from './treeCache';

/** One run over the files of a tree: what is known of them already is taken from the cache, and what is found out goes there. */
export class TreeRun {
  readonly state: CheckState;
  /** Something was found out that the cache does not have. */
  isNew = false;
  /** Files that were not looked at again. */
  reused = 0;
  /** Files that could be read at first, but not any more when the others had something to say of them. */
  readonly goneMeanwhile: FileRow[] = [];
  /** Shards of this run, by their number in the state. */
  private readonly fresh = new Map<number, Shard>();
  private readonly blocks = new ShardBlocks();

  /** `entries`: by path relative to the root. */
  constructor(
    readonly entries: ReadonlyMap<string, FoundSource>,
    private readonly setup: WorkerSetup,
    private readonly crew: Crew,
    private readonly cache: TreeCache | undefined,
  ) {
    this.state = cache?.state ?? new TreeState();
  }

  outcomeOf(path: string): FileOutcome | undefined {
    return this.state.records.get(path)?.outcome;
  }

  /** What is reported of a file: what the tree says of it goes before what it says itself. */
  findingsOf(path: string): readonly ReportedFinding[] {
    return this.state.programs.get(this.scope)?.second.get(path)?.findings ?? this.state.findings.get(path) ?? [];
  }

  /** What could not be followed through the files. */
  get gaps(): Readonly<Record<string, number>> {
    return this.state.programs.get(this.scope)?.gaps ?? {};
  }

  /** Each file by itself, as far as that has not been done. */
  async lookAtFiles(progress: Progress): Promise<void> {
    const missing: FoundSource[] = [];
    let bytes = 0;
    for (const [path, entry] of this.entries) {
      if (this.state.records.get(path)?.outcome === undefined) missing.push(entry);
      else {
        this.reused++;
        bytes += entry.size;
      }
    }
    if (this.reused > 0) progress.advance(this.reused, bytes);
    await this.analyse(missing, (rows) =>
      progress.advance(
        rows.length,
        rows.reduce((sum, row) => sum + Math.max(0, row.bytes), 0),
      ),
    );
  }

  private async analyse(entries: readonly FoundSource[], onRows: (rows: readonly FileRow[]) => void): Promise<void> {
    if (entries.length === 0) return;
    this.isNew = true;
    await this.crew.analyse(
      entries.map(({ path, size }) => ({ path, size })),
      (result) => {
        this.add(result);
        onRows(result.rows);
      },
    );
  }

  private add({ rows, findings, shard, includes }: BatchResult): void {
    const number = this.state.shards.length;
    if (shard !== undefined && shard.starts.length > 0) {
      this.state.shards.push(undefined);
      this.fresh.set(number, this.blocks.keep(shard));
    }
    const starts = shard?.starts.values();
    for (const row of rows) this.note(row, row.linked ? { shard: number, start: starts!.next().value! } : undefined);
    if (includes) this.state.includes.add(includes);
    for (const finding of findings) {
      const known = this.state.findings.get(finding.file) as ReportedFinding[] | undefined;
      if (known) known.push(finding);
      else this.state.findings.set(finding.file, [finding]);
    }
  }

  private note({ path, seen, bytes, analysed, functions, calls, gaps, refusal }: FileRow, linkage: FileOutcome['linkage']): void {
    // A file that changed after it was listed may have been read in both ways, as itself and as a header.
    const listed = this.entries.get(path)?.stamp;
    const isSame = seen !== undefined && listed !== undefined && sameStamp(seen.stamp, listed);
    this.state.findings.delete(path);
    this.state.records.set(path, {
      stamp: isSame ? seen.stamp : undefined,
      settled: isSame && this.cache !== undefined && isSettled(seen.stamp, this.cache.at),
      hash: seen?.hash ?? '',
      included: false,
      outcome: { bytes, analysed, functions, calls, linkage, gaps, refusal },
    });
  }

  /** Leaves what was found out to later runs. */
  keep(): void {
    this.cache?.keepShards(this.fresh);
    this.cache?.save(this.isNew);
  }

  private get scope(): string {
    return this.cache?.scope ?? '';
  }

  /** All files together, and then once more those of which the others say something. */
  async judgeTogether(): Promise<void> {
    const { state, scope, crew } = this;
    const known = state.programs.get(scope);
    if (known?.current === true) return;
    const program = this.program();
    const answers = await this.answers(program);
    if (crew.signal.aborted) return;
    await collectGarbage();
    const reports = [...answers.fields.values()].flatMap((answer) => answer.reports);
    const { possible } = this.setup.context.rules;
    const members = fieldVerdicts(reports, { calls: answers.verdicts, possible });
    const { again, done } = program.toLookAtAgain(answers.verdicts, members, known?.second);
    await this.lookAgain(again, done);
    this.conclude(program, answers, done, !crew.signal.aborted && crew.lost.length === 0 && this.goneMeanwhile.length === 0);
  }

  /** What all files say together, without another look at any of them; undefined after an abort. */
  async together(): Promise<ProgramAnswers | undefined> {
    const { state, scope, cache, crew } = this;
    const known = state.programs.get(scope);
    const unchanged = known?.current === true ? cache?.answers() : undefined;
    if (unchanged !== undefined) return unchanged;
    const program = this.program();
    const answers = await this.answers(program);
    if (crew.signal.aborted) return undefined;
    this.conclude(program, answers, known?.second ?? new Map(), false);
    return answers;
  }

  private conclude(
    program: LinkedProgram,
    answers: ProgramAnswers,
    second: Map<string, SecondLook<ReportedFinding>>,
    current: boolean,
  ): void {
    this.isNew = true;
    program.keep();
    const { cache, state, scope } = this;
    const part = cache?.keepAnswers(answers) ?? '';
    state.programs.set(scope, { digest: cache?.digestOf() ?? '', gaps: answers.gaps, answers: part, second, lost: new Set(), current });
  }

  private program(): LinkedProgram {
    return new LinkedProgram({ entries: this.entries, state: this.state, fresh: this.fresh, setup: this.setup, cache: this.cache });
  }

  private async answers(program: LinkedProgram): Promise<ProgramAnswers> {
    const kept = program.kept();
    if (kept !== undefined) {
      const fields = await this.askForFields(kept.questions, program.keptFields());
      if (this.crew.signal.aborted || program.freesAsBefore(fields)) return { ...kept, fields };
    }
    return this.link(program);
  }

  /** Puts all files together; those whose part of the cache is lost are looked at first. */
  private async link(program: LinkedProgram): Promise<ProgramAnswers> {
    const { setup } = this;
    const lost = program.lost();
    for (const path of lost) this.state.reset(path);
    this.reused -= lost.length;
    await this.analyse(
      lost.map((path) => this.entries.get(path)!),
      () => undefined,
    );
    const known = program.keptFields();
    this.crew.makeRoom();
    const graph = program.graph();
    await collectGarbage();
    const questions = memoryQuestions(graph, setup.context.rules, setup.complete);
    const fields = await this.askForFields(questions, known);
    markFrees(
      graph,
      [...fields.values()].flatMap(({ reports }) => reports),
    );
    this.crew.makeRoom();
    const gaps: Record<string, number> = {};
    const verdicts = analyseProgram(graph, analysisContext(setup.context).model, setup.complete, (reason) => {
      gaps[reason] = (gaps[reason] ?? 0) + 1;
    });
    return { verdicts, questions, fields, gaps };
  }

  /** Asks files what they do with the members, but for what is known of them. */
  private async askForFields(questions: ProgramAnswers['questions'], known: ProgramAnswers['fields']): Promise<ProgramAnswers['fields']> {
    const inquiry = new FieldInquiry(questions, { possible: this.setup.context.rules.possible, complete: this.setup.complete }, known);
    await this.ask(inquiry, inquiry.first(), this.entries);
    const folders = inquiry.doubtfulFolders();
    const files = new Map(folders.size === 0 ? [] : this.filesBelow([...folders.keys()]));
    await this.ask(inquiry, inquiry.rest(folders, files.keys()), files);
    return inquiry.answers();
  }

  private async ask(inquiry: FieldInquiry, open: readonly OpenFile[], files: ReadonlyMap<string, FoundSource>): Promise<void> {
    const reports = new Map<string, FieldReport[]>(open.map(({ path }) => [path, []]));
    const requests = open.map(({ path, members }) => {
      const { path: place, size } = files.get(path)!;
      return { path: place, size, members };
    });
    await this.crew.analyse(requests, ({ rows, fields, includes }) => {
      if (includes) this.state.includes.add(includes);
      for (const row of rows) this.noteAsked(row, files.get(row.path)!);
      for (const report of fields) reports.get(report.path)!.push(report);
    });
    for (const { path, members } of open) inquiry.hear(path, members, reports.get(path)!);
  }

  /** At least the files below these folders, by path. */
  private filesBelow(folders: readonly string[]): Iterable<readonly [string, FoundSource]> {
    const { setup, entries } = this;
    return setup.complete ? entries : entriesBelow(setup.root, findSources(folders.map((folder) => join(setup.root, folder))));
  }

  /** A file that is not checked itself was asked: its answer counts as long as it is the same. */
  private noteAsked({ path, seen }: FileRow, { stamp }: FoundSource): void {
    const { cache, state } = this;
    if (cache === undefined || this.entries.has(path)) return;
    const isSame = seen !== undefined && stamp !== undefined && sameStamp(seen.stamp, stamp);
    const known = state.records.get(path);
    const outcome = known?.hash === seen?.hash ? known?.outcome : undefined;
    state.records.set(path, {
      stamp: seen?.stamp ?? stamp,
      settled: isSame && isSettled(seen.stamp, cache.at),
      hash: isSame ? seen.hash : '',
      included: true,
      outcome,
    });
  }

  private async lookAgain(again: readonly AgainEntry[], done: Map<string, SecondLook<ReportedFinding>>): Promise<void> {
    const keys = new Map(again.map(({ path, key }) => [path, key]));
    await this.crew.analyse(
      again.map(({ request }) => request),
      ({ rows, findings, includes }) => {
        if (includes) this.state.includes.add(includes);
        this.goneMeanwhile.push(...rows.filter(({ refusal }) => refusal !== undefined));
        const byFile = new Map<string, ReportedFinding[]>(rows.flatMap(({ path, refusal }) => (refusal ? [] : [[path, []]])));
        for (const finding of findings) byFile.get(finding.file)!.push(finding);
        for (const [path, list] of byFile) done.set(path, { key: keys.get(path)!, findings: list });
      },
    );
  }
}
