import { parentPort, workerData } from 'node:worker_threads';
import { type CheckEntry, FileChecker } from './checkFiles';
import { analysisContext, type ContextSetup } from './context';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly root: string;
  readonly context: ContextSetup;
  /** The files are a tree that is analysed as a whole. */
  readonly linked: boolean;
  /** All of the tree is looked at, so that no caller is missing. */
  readonly complete: boolean;
  /** Texts in place of files, by absolute path. */
  readonly overlays?: ReadonlyMap<string, Uint8Array> | undefined;
}

const setup: WorkerSetup = workerData;
const checker = new FileChecker(setup.root, analysisContext(setup.context), setup.linked, setup.overlays);

parentPort?.on('message', (items: readonly CheckEntry[]) => {
  const result = checker.check(items);
  const { shard } = result;
  parentPort?.postMessage(result, shard ? [shard.data.buffer as ArrayBuffer, shard.names.buffer as ArrayBuffer] : []);
});
