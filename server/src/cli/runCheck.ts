import { join, relative } from 'node:path';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import type { SourceEntry } from '../program/batches';
import { makeBatches } from '../program/batches';
import { analyseProgram } from '../program/link/analyseProgram';
import { fieldQuestions } from '../program/link/fieldCandidates';
import { fieldVerdicts, markFrees } from '../program/link/fieldVerdicts';
import { ProgramGraph } from '../program/link/graph';
import type { Shard } from '../program/link/shard';
import { runPool, type SpawnWorker } from '../program/pool';
import type { ReportedFinding } from '../report/record';
import { freeMismatch } from '../rules/freeMismatch';
import { preferKvmalloc } from '../rules/preferKvmalloc';
import { unusedSuppression } from '../rules/unusedSuppression';
import { type BatchResult, type CheckEntry, FileChecker, type Refusal } from './checkFiles';
import { analysisContext } from './context';
import { inProcessSpawner } from './inProcess';
import type { Progress } from './progress';
import { findSources } from './sources';
import type { WorkerSetup } from './worker';
import { WorkerReserve } from './workerReserve';
import { threadSpawner } from './workerThreads';

/** All batches of a run added up. */
export interface CheckRun {
  files: number;
  analysed: number;
  bytes: number;
  functions: number;
  calls: number;
  jobs: number;
  findings: ReportedFinding[];
  readonly gaps: Record<string, number>;
  readonly refused: Refusal[];
  /** Files on which a worker died. */
  readonly lost: { readonly path: string; readonly reason: string }[];
}

/** So much source is analysed faster than the threads for it start, bytes. */
const SMALL = 2 << 20;

/**
 * Analyses the files with `jobs` workers, or in this thread where that is quicker: each by itself, then all together, then again those
 * of which the others say something. What is found up to an abort is kept.
 */
export async function runCheck(
  entries: readonly SourceEntry[],
  setup: WorkerSetup,
  jobs: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<CheckRun> {
  const run: CheckRun = { files: 0, analysed: 0, bytes: 0, functions: 0, calls: 0, jobs: 1, findings: [], gaps: {}, refused: [], lost: [] };
  const shards: Shard[] = [];
  const workers = workersFor(entries, jobs);
  const reserve = new WorkerReserve(isSmall(entries) ? inProcess(setup) : threadSpawner(setup));
  const round: Round = { jobs: workers, reserve, signal, run };
  try {
    await analyse(entries, round, (result) => {
      add(run, result);
      if (result.shard) shards.push(result.shard);
      progress.advance(result.files, result.bytes);
    });
    // The shards are given up with the graph made: both together are a tenth of the tree's size.
    if (setup.linked && !signal.aborted) await judgeTogether(entries, setup, ProgramGraph.of(shards.splice(0)), round);
  } finally {
    reserve.close();
  }
  return run;
}

/** Whether the files are analysed in this thread. An interrupt cannot stop it then, and need not be waited for. */
export function isSmall(entries: readonly SourceEntry[]): boolean {
  return entries.reduce((sum, entry) => sum + entry.size, 0) < SMALL;
}

/** How many workers are worth it. */
function workersFor(entries: readonly SourceEntry[], jobs: number): number {
  return isSmall(entries) ? 1 : Math.min(jobs, entries.length);
}

function inProcess(setup: WorkerSetup): SpawnWorker<CheckEntry, BatchResult> {
  return inProcessSpawner(() => new FileChecker(setup.root, analysisContext(setup.context), setup.linked, setup.overlays));
}

interface Round {
  readonly jobs: number;
  readonly reserve: WorkerReserve<CheckEntry, BatchResult>;
  readonly signal: AbortSignal;
  readonly run: CheckRun;
}

/** Analyses the tree as a whole, and again the files of which that says something: their findings take the place of the first ones. */
async function judgeTogether(entries: readonly SourceEntry[], setup: WorkerSetup, graph: ProgramGraph, round: Round): Promise<void> {
  const reports = await askForFields(setup, graph, round);
  markFrees(graph, reports);
  const { gaps } = round.run;
  const verdicts = analyseProgram(graph, analysisContext(setup.context).model, setup.complete, (reason) => {
    gaps[reason] = (gaps[reason] ?? 0) + 1;
  });
  const fields = fieldVerdicts(reports, verdicts);
  const { run } = round;
  // Where only certain findings are shown, files with possible ones matter only if a comment allows them.
  const suppressing = new Set(run.findings.filter((finding) => finding.rule === unusedSuppression.id).map((finding) => finding.file));
  const isWanted = (path: string, known: readonly CallVerdict[]): boolean =>
    setup.context.rules.possible || suppressing.has(path) || known.some((verdict) => verdict.certainty === 'definite');
  const again: CheckEntry[] = entries.flatMap((entry) => {
    const path = relative(setup.root, entry.path);
    const [calls = [], members] = [verdicts.get(path), fields.get(path)];
    const wanted = members !== undefined || (calls.length > 0 && isWanted(path, calls));
    return wanted ? [{ ...entry, verdicts: calls, ...(members && { fields: members }) }] : [];
  });
  const replaced = new Set<string>();
  const findings: ReportedFinding[] = [];
  await analyse(again, round, (result) => {
    for (const path of result.paths) replaced.add(path);
    for (const finding of result.findings) findings.push(finding);
  });
  run.findings = [...run.findings.filter((finding) => !replaced.has(finding.file)), ...findings];
}

/** Asks the files that share structs what they do with the members that seem to be freed in a wrong way, or could be kvmalloc'ed. */
async function askForFields({ root, context }: WorkerSetup, graph: ProgramGraph, round: Round): Promise<readonly FieldReport[]> {
  const { enabled, severities, possible } = context.rules;
  const isOn = (id: string): boolean => enabled?.has(id) !== false && severities.get(id) !== 'off';
  if (!isOn(freeMismatch.id) && !isOn(preferKvmalloc.id)) return [];
  const asked = new Map<string, { entry: SourceEntry; members: Set<string> }>();
  for (const [folder, members] of fieldQuestions(graph, possible)) {
    for (const entry of findSources([join(root, folder)]).entries) {
      const known = asked.get(entry.path) ?? { entry, members: new Set() };
      for (const member of members) known.members.add(member);
      asked.set(entry.path, known);
    }
  }
  const entries = [...asked.values()].map(({ entry, members }) => ({ ...entry, members: [...members] }));
  const reports: FieldReport[] = [];
  await analyse(entries, round, (result) => reports.push(...result.fields));
  return reports;
}

async function analyse(
  entries: readonly CheckEntry[],
  { jobs, reserve, signal, run }: Round,
  onResult: (result: BatchResult) => void,
): Promise<void> {
  const workers = workersFor(entries, jobs);
  run.jobs = Math.max(run.jobs, workers);
  await runPool(makeBatches(entries, workers), {
    jobs: workers,
    spawn: reserve.spawn,
    signal,
    onResult,
    onLost: (entry, reason) => {
      run.lost.push({ path: entry.path, reason });
      run.gaps['worker died'] = (run.gaps['worker died'] ?? 0) + 1;
    },
  });
}

function add(run: CheckRun, result: BatchResult): void {
  run.files += result.files;
  run.analysed += result.analysed;
  run.bytes += result.bytes;
  run.functions += result.functions;
  run.calls += result.calls;
  for (const finding of result.findings) run.findings.push(finding);
  for (const [reason, count] of Object.entries(result.gaps)) run.gaps[reason] = (run.gaps[reason] ?? 0) + count;
  run.refused.push(...result.refused);
}
