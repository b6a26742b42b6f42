import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SpawnWorker } from '../program/pool';
import type { WorkerSetup } from './checker';
import type { BatchResult, CheckEntry } from './checkFiles';
import { tuneForBatch } from './engine';

/**
 * Heap of one worker, MiB. The old generation may grow to far more than the largest file of a kernel tree needs, so that one file
 * cannot take the machine; the young one is larger than Node's default because nearly all values of a file die with it.
 */
const HEAP = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32 };

/** Workers as threads of this process; `worker.js` lies beside the program's own file. */
export function threadSpawner(setup: WorkerSetup): SpawnWorker<CheckEntry, BatchResult> {
  tuneForBatch();
  return (events) => {
    const worker = new Worker(join(__dirname, 'worker.js'), { workerData: setup, resourceLimits: HEAP });
    let reason = '';
    worker.on('message', (result: BatchResult) => events.result(result));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : error.message;
    });
    worker.on('exit', (code) => events.died(reason === '' ? `exit code ${code}` : reason));
    return {
      post: (batch) => worker.postMessage(batch),
      terminate: () => void worker.terminate(),
    };
  };
}
