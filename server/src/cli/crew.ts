import { makeBatches } from '../program/batches';
import { runPool, type SpawnWorker } from '../program/pool';
import { makeChecker, type WorkerSetup } from './checker';
import type { BatchResult, CheckEntry } from './checkFiles';
import { inProcessSpawner } from './inProcess';
import { WorkerReserve } from './workerReserve';
import { threadSpawner } from './workerThreads';

/** So much source is analysed faster than the threads for it start, bytes. */
const SMALL = 2 << 20;

/** The workers of a run. They stay for its rounds: what they have read of a tree's headers need not be read again. */
export class Crew {
  /** Most workers that have been at work together. */
  jobs = 1;
  /** Files on which a worker died twice. */
  readonly lost: { readonly path: string; readonly reason: string }[] = [];
  private reserve: WorkerReserve<CheckEntry, BatchResult> | undefined;

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
      onResult,
      onLost: ({ path }, reason) => this.lost.push({ path, reason }),
    });
  }

  /** Ends the workers. */
  dismiss(): void {
    this.reserve?.close();
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
