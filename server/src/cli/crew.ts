import { makeBatches } from '../program/batches';
import { runPool, type SpawnWorker } from '../program/pool';
import { makeChecker, type WorkerSetup } from './checker';
import type { BatchResult, CheckEntry } from './checkFiles';
import { inProcessSpawner } from './inProcess';
import { WorkerReserve } from './workerReserve';
import { threadSpawner } from './workerThreads';

/** So much source is analysed faster than the threads for it start, bytes. */
const SMALL = 2 << 20;
/** Threads that have read so much keep a hundred megabytes each, bytes; what they know is made again in a second. */
const LARGE = 200 << 20;

/** The workers of a run. They stay for its rounds: what they have read of a tree's headers need not be read again. */
export class Crew {
  /** Most workers that have been at work together. */
  jobs = 1;
  /** Files on which a worker died twice. */
  readonly lost: { readonly path: string; readonly reason: string }[] = [];
  private reserve: WorkerReserve<CheckEntry, BatchResult> | undefined;
  /** Source that the workers have read, bytes. */
  private read = 0;

  constructor(
    private readonly setup: WorkerSetup,
    private readonly limit: number,
    readonly signal: AbortSignal,
  ) {}

  /** Has files analysed; resolves when all are done, lost, or the signal came. */
  async analyse(entries: readonly CheckEntry[], onResult: (result: BatchResult) => void): Promise<void> {
    if (entries.length === 0) return;
    const workers = isSmall(entries) ? 1 : Math.min(this.limit, entries.length);
    this.jobs = Math.max(this.jobs, workers);
    this.reserve ??= new WorkerReserve(isSmall(entries) ? inThisThread(this.setup) : threadSpawner(this.setup));
    await runPool(makeBatches(entries, workers), {
      jobs: workers,
      spawn: this.reserve.spawn,
      signal: this.signal,
      onResult: (result) => {
        for (const { bytes } of result.rows) this.read += Math.max(0, bytes);
        onResult(result);
      },
      onLost: ({ path }, reason) => this.lost.push({ path, reason }),
    });
  }

  /** Ends workers that have read much, before this thread needs much memory; others start when there is more to do. */
  makeRoom(): void {
    if (this.read > LARGE) this.dismiss();
  }

  /** Ends the workers. */
  dismiss(): void {
    this.reserve?.close();
    this.reserve = undefined;
    this.read = 0;
  }
}

/** Whether files are analysed in this thread. An interrupt cannot stop it then, and need not be waited for. */
export function isSmall(entries: Iterable<{ readonly size: number }>): boolean {
  let bytes = 0;
  for (const { size } of entries) bytes += size;
  return bytes < SMALL;
}

function inThisThread(setup: WorkerSetup): SpawnWorker<CheckEntry, BatchResult> {
  return inProcessSpawner(() => makeChecker(setup));
}
