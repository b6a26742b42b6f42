import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromIndex } from '../../program/treeIndex/messages';
import type { IndexPlatform } from '../treeIndex';

/** Indexes in threads of this process; their program lies beside the server's. One processor is left to the editor. */
export function indexThreads(programFolder: string): IndexPlatform {
  return {
    start: (setup, heard) => {
      const worker = new Worker(join(programFolder, 'worker.js'), { workerData: setup });
      worker.on('message', (message: FromIndex) => heard(message));
      worker.on('error', (error) => heard({ kind: 'failed', message: error.message }));
      worker.unref();
      return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
    },
    digest: (bytes) => createHash('sha1').update(bytes).digest('hex'),
    jobs: Math.max(1, availableParallelism() - 1),
  };
}
