import { parentPort, workerData } from 'node:worker_threads';
import type { IndexSetup } from '../program/treeIndex/messages';
import { makeChecker, type WorkerSetup } from './checker';
import type { CheckEntry } from './checkFiles';
import { serveIndex } from './indexThread';

/** The threads of `check`, and the one that keeps an editor's index; one file, because they are the same program. */
const setup: WorkerSetup | IndexSetup = workerData;

if ('role' in setup) serveIndex(setup, parentPort!);
else {
  const checker = makeChecker(setup);
  parentPort?.on('message', (batch: readonly CheckEntry[]) => {
    const result = checker.check(batch);
    const { shard } = result;
    parentPort?.postMessage(result, shard ? [shard.data.buffer as ArrayBuffer, shard.names.buffer as ArrayBuffer] : []);
  });
}
