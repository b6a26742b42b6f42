import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ChunkAnswers } from './maskChunk';
import type { MaskWorkerSetup } from './maskWorker';

const MOST_WORKERS = 4;
/** Pieces that may wait at each worker, so that none is idle while the main thread writes. */
const WAITING = 3;

/** Threads that answer pieces of a long input; the answers of one piece come back as one. */
export class MaskPool {
  private readonly workers: AnsweringWorker[] = [];
  private next = 0;

  private constructor(
    private readonly file: string,
    private readonly count: number,
    private readonly setup: MaskWorkerSetup,
  ) {}

  /** Undefined on a machine with one processor, and where the worker's program is not beside this one. */
  static ifUseful(setup: MaskWorkerSetup): MaskPool | undefined {
    const file = join(__dirname, 'maskWorker.js');
    const count = Math.min(MOST_WORKERS, availableParallelism());
    return count < 2 || !existsSync(file) ? undefined : new MaskPool(file, count, setup);
  }

  /** How many pieces may be under way before the oldest one is waited for. */
  get ahead(): number {
    return this.count * WAITING;
  }

  /** Answers a piece of whole lines. Threads start with the first ones. */
  answer(text: string): Promise<ChunkAnswers> {
    const at = this.next++ % this.count;
    this.workers[at] ??= new AnsweringWorker(this.file, this.setup);
    return this.workers[at].answer(text);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}

interface Waiting {
  readonly resolve: (answers: ChunkAnswers) => void;
  readonly reject: (error: Error) => void;
}

/** One thread. It answers in the order in which it was asked. */
class AnsweringWorker {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];

  constructor(file: string, setup: MaskWorkerSetup) {
    this.worker = new Worker(file, { workerData: setup });
    this.worker.on('message', (answers: ChunkAnswers) => this.waiting.shift()?.resolve(answers));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', (code) => this.fail(new Error(`a thread ended with exit code ${code}`)));
  }

  answer(text: string): Promise<ChunkAnswers> {
    const answered = new Promise<ChunkAnswers>((resolve, reject) => this.waiting.push({ resolve, reject }));
    // Whoever waits hears of a failure; a piece that nobody waits for any more must not end the process.
    answered.catch(() => undefined);
    this.worker.postMessage(text);
    return answered;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
