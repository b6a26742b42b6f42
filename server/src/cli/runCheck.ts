import type { SourceEntry } from '../program/batches';
import { makeBatches } from '../program/batches';
import { runPool } from '../program/pool';
import type { ReportedFinding } from '../report/record';
import { type BatchResult, FileChecker, type Refusal } from './checkFiles';
import { analysisContext } from './context';
import { inProcessSpawner } from './inProcess';
import type { Progress } from './progress';
import type { WorkerSetup } from './worker';
import { threadSpawner } from './workerThreads';

/** All batches of a run added up. */
export interface CheckRun {
  files: number;
  analysed: number;
  bytes: number;
  functions: number;
  calls: number;
  readonly jobs: number;
  readonly findings: ReportedFinding[];
  readonly gaps: Record<string, number>;
  readonly refused: Refusal[];
  /** Files on which a worker died. */
  readonly lost: { readonly path: string; readonly reason: string }[];
}

/** So much source is analysed faster than the threads for it start, bytes. */
const SMALL = 2 << 20;

/** Analyses the files with `jobs` workers, or in this thread where that is quicker. What is found up to an abort is kept. */
export async function runCheck(
  entries: readonly SourceEntry[],
  setup: WorkerSetup,
  jobs: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<CheckRun> {
  const small = entries.reduce((sum, entry) => sum + entry.size, 0) < SMALL;
  const workers = small ? 1 : Math.min(jobs, entries.length);
  const spawn = workers === 1 ? inProcessSpawner(() => new FileChecker(setup.root, analysisContext(setup.context))) : threadSpawner(setup);
  const run: CheckRun = {
    files: 0,
    analysed: 0,
    bytes: 0,
    functions: 0,
    calls: 0,
    jobs: workers,
    findings: [],
    gaps: {},
    refused: [],
    lost: [],
  };
  await runPool(makeBatches(entries, workers), {
    jobs: workers,
    spawn,
    signal,
    onResult: (result: BatchResult) => {
      add(run, result);
      progress.advance(result.files, result.bytes);
    },
    onLost: (entry, reason) => {
      run.lost.push({ path: entry.path, reason });
      run.gaps['worker died'] = (run.gaps['worker died'] ?? 0) + 1;
      progress.advance(1, entry.size);
    },
  });
  return run;
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
