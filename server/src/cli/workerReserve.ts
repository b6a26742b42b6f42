import type { SpawnWorker, WorkerEvents, WorkerPort } from '../program/pool';

interface Kept<Item, Result> {
  readonly number: number;
  readonly worker: WorkerPort<Item>;
  /** Who listens; undefined while nobody has work for it. */
  events: WorkerEvents<Result> | undefined;
  busy: boolean;
}

/**
 * Keeps workers between the rounds of a run: their code is compiled, and what they have read of a few headers need not be read again. A worker that is terminated
 * without work is kept, one that is terminated at work is ended.
 */
export class WorkerReserve<Item, Result> {
  private readonly idle = new Set<Kept<Item, Result>>();
  /** Workers started so far. */
  private count = 0;

  constructor(private readonly start: SpawnWorker<Item, Result>) {}

  readonly spawn: SpawnWorker<Item, Result> = (events) => {
    const kept = this.waiting() ?? this.started();
    kept.events = events;
    return {
      post: (batch) => {
        kept.busy = true;
        kept.worker.post(batch);
      },
      terminate: () => {
        kept.events = undefined;
        if (kept.busy) kept.worker.terminate();
        else this.idle.add(kept);
      },
    };
  };

  /** Ends the workers that wait. */
  close(): void {
    for (const { worker } of this.idle) worker.terminate();
    this.idle.clear();
  }

  /** The one that was started first: it gets the same part of the tree again. */
  private waiting(): Kept<Item, Result> | undefined {
    const [kept] = [...this.idle].sort((a, b) => a.number - b.number);
    if (kept !== undefined) this.idle.delete(kept);
    return kept;
  }

  private started(): Kept<Item, Result> {
    const worker = this.start({
      result: (result) => {
        kept.busy = false;
        kept.events?.result(result);
      },
      died: (reason) => {
        this.idle.delete(kept);
        kept.events?.died(reason);
      },
    });
    const kept: Kept<Item, Result> = { number: this.count++, worker, events: undefined, busy: false };
    return kept;
  }
}
