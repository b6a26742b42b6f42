import { Stretches } from './stretches';

/** What the pool tells about a worker that it started. */
export interface WorkerEvents<Result> {
  /** The answer to the one batch that was posted last. */
  result(result: Result): void;
  /** The worker ended by itself; `reason` is for people. */
  died(reason: string): void;
}

/** A worker that takes one batch at a time. */
export interface WorkerPort<Item> {
  post(batch: readonly Item[]): void;
  terminate(): void;
}

export type SpawnWorker<Item, Result> = (events: WorkerEvents<Result>) => WorkerPort<Item>;

export interface PoolOptions<Item, Result> {
  readonly jobs: number;
  readonly spawn: SpawnWorker<Item, Result>;
  readonly onResult: (result: Result) => void;
  /** An item on which a worker died twice. */
  readonly onLost: (item: Item, reason: string) => void;
  /** Ends the run early; batches under way are dropped. */
  readonly signal?: AbortSignal;
}

/**
 * Has all batches done by up to `jobs` workers; resolves when all are done, lost, or the signal came. When a worker
 * dies, the items of its batch are tried once more, one by one, so that only the item that kills is lost.
 */
export function runPool<Item, Result>(batches: readonly (readonly Item[])[], options: PoolOptions<Item, Result>): Promise<void> {
  return new Promise((resolve) => new Pool(batches, options, resolve).start());
}

/** So many deaths without one answer between them mean that no worker will ever answer. */
const HOPELESS = 16;

interface Batch<Item> {
  readonly items: readonly Item[];
  readonly retry: boolean;
}

class Pool<Item, Result> {
  private readonly workerCount: number;
  private readonly queue: Stretches<Batch<Item>>;
  private readonly retries: Batch<Item>[] = [];
  private readonly workers = new Set<WorkerPort<Item>>();
  private busy = 0;
  private ended = false;
  /** Deaths since the last answer of any worker. */
  private deaths = 0;

  constructor(
    batches: readonly (readonly Item[])[],
    private readonly options: PoolOptions<Item, Result>,
    private readonly resolve: () => void,
  ) {
    this.workerCount = Math.min(options.jobs, batches.length);
    this.queue = new Stretches(
      batches.map((items) => ({ items, retry: false })),
      this.workerCount,
    );
  }

  start(): void {
    const { signal } = this.options;
    if (signal?.aborted === true) {
      this.end();
      return;
    }
    signal?.addEventListener('abort', () => this.end(), { once: true });
    for (let number = 0; number < this.workerCount; number++) this.employ(number);
    if (this.workerCount === 0) this.end();
  }

  /** Starts the worker of that number, which works until the queue is empty. */
  private employ(number: number): void {
    let batch: Batch<Item> | undefined;
    const proceed = (): void => {
      batch = this.take(number);
      if (batch === undefined) this.dismiss(port);
      else port.post(batch.items);
    };
    const settle = (): void => {
      if (batch !== undefined) this.busy--;
      batch = undefined;
    };
    const port = this.options.spawn({
      result: (result) => {
        if (this.ended) return;
        settle();
        this.deaths = 0;
        this.options.onResult(result);
        proceed();
      },
      died: (reason) => {
        if (this.ended || !this.workers.delete(port)) return;
        const lost = batch;
        settle();
        this.deaths++;
        if (lost !== undefined) this.lose(lost, reason);
        if (this.deaths >= HOPELESS) this.giveUp(reason);
        else this.replace(number);
      },
    });
    this.workers.add(port);
    proceed();
  }

  private take(number: number): Batch<Item> | undefined {
    if (this.ended) return undefined;
    const batch = this.queue.take(number) ?? this.retries.shift();
    if (batch !== undefined) this.busy++;
    return batch;
  }

  private lose(batch: Batch<Item>, reason: string): void {
    for (const item of batch.items) {
      if (batch.retry) this.options.onLost(item, reason);
      else this.retries.push({ items: [item], retry: true });
    }
  }

  /** Workers only die: all that is left is lost. */
  private giveUp(reason: string): void {
    const rest = [...this.queue.takeAll(), ...this.retries];
    this.retries.length = 0;
    for (const batch of rest) for (const item of batch.items) this.options.onLost(item, reason);
    this.endWhenDone();
  }

  /** In place of a dead worker; also ends the run when it was the last one and nothing is left. */
  private replace(number: number): void {
    if (!this.queue.isEmpty || this.retries.length > 0) this.employ(number);
    else this.endWhenDone();
  }

  private dismiss(port: WorkerPort<Item>): void {
    if (this.workers.delete(port)) port.terminate();
    this.endWhenDone();
  }

  private endWhenDone(): void {
    if (this.busy === 0 && this.queue.isEmpty && this.retries.length === 0) this.end();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const port of this.workers) port.terminate();
    this.workers.clear();
    this.resolve();
  }
}
