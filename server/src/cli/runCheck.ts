import type { ReportedFinding } from '../report/record';
import type { WorkerSetup } from './checker';
import { Crew } from './crew';
import type { Progress } from './progress';
import type { FoundSource } from './sources';
import type { TreeCache } from './treeCache';
import { TreeRun } from './treeRun';

/** All files of a run added up. */
export interface CheckRun {
  readonly files: number;
  readonly analysed: number;
  readonly bytes: number;
  readonly functions: number;
  readonly calls: number;
  readonly jobs: number;
  readonly findings: readonly ReportedFinding[];
  readonly gaps: Readonly<Record<string, number>>;
  readonly refused: readonly Refusal[];
  /** Files on which a worker died. */
  readonly lost: readonly { readonly path: string; readonly reason: string }[];
  /** What the cache brought, for people; undefined when there is none. */
  readonly cache: string | undefined;
}

/** A file that was not analysed. */
export interface Refusal {
  /** Absolute. */
  readonly path: string;
  readonly reason: string;
  /** The file system said no; otherwise the content is not kernel C. */
  readonly unreadable: boolean;
}

/**
 * Analyses the files (by path relative to the root) with `jobs` workers, or in this thread where that is quicker: each by itself, then all together, then again those
 * of which the others say something. What `cache` has is not done again. What is found up to an abort is kept.
 */
export async function runCheck(
  entries: ReadonlyMap<string, FoundSource>,
  setup: WorkerSetup,
  jobs: number,
  progress: Progress,
  signal: AbortSignal,
  cache?: TreeCache,
): Promise<CheckRun> {
  const crew = new Crew(setup, jobs, signal);
  const run = new TreeRun(entries, setup, crew, cache);
  try {
    await run.lookAtFiles(progress);
    if (setup.linked && !signal.aborted) await run.judgeTogether();
    run.keep();
  } finally {
    crew.dismiss();
  }
  return summed(run, entries, crew, cache);
}

function summed(run: TreeRun, entries: ReadonlyMap<string, FoundSource>, crew: Crew, cache: TreeCache | undefined): CheckRun {
  const sum = { files: 0, analysed: 0, bytes: 0, functions: 0, calls: 0 };
  const findings: ReportedFinding[] = [];
  const gaps = new Map<string, number>();
  const refused: Refusal[] = [];
  const count = (reason: string, times: number): void => void gaps.set(reason, (gaps.get(reason) ?? 0) + times);
  for (const [path, entry] of entries) {
    const outcome = run.outcomeOf(path);
    if (outcome === undefined) continue;
    if (outcome.bytes >= 0) {
      sum.files++;
      sum.bytes += outcome.bytes;
    }
    if (outcome.analysed) sum.analysed++;
    sum.functions += outcome.functions;
    sum.calls += outcome.calls;
    for (const finding of run.findingsOf(path)) findings.push(finding);
    for (const [reason, times] of Object.entries(outcome.gaps ?? {})) count(reason, times);
    if (outcome.refusal) refused.push({ path: entry.path, ...outcome.refusal });
  }
  for (const [reason, times] of Object.entries(run.gaps)) count(reason, times);
  for (const { path, refusal, gaps: more } of run.goneMeanwhile) {
    refused.push({ path: entries.get(path)!.path, ...refusal! });
    for (const [reason, times] of Object.entries(more ?? {})) count(reason, times);
  }
  for (const _ of crew.lost) count('worker died', 1);
  const sorted = Object.fromEntries([...gaps].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...sum,
    jobs: crew.jobs,
    findings,
    gaps: sorted,
    refused,
    lost: crew.lost,
    cache: cache && cacheLine(run, entries.size, cache),
  };
}

function cacheLine({ reused }: TreeRun, files: number, { troubles }: TreeCache): string {
  const state = `${reused.toLocaleString('en')} of ${files.toLocaleString('en')} files as they were`;
  return [...new Set([state, ...troubles])].join('; ');
}
