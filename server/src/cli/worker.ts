import { parentPort, workerData } from 'node:worker_threads';
import { FileChecker } from './checkFiles';
import { analysisContext, type ContextSetup } from './context';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly root: string;
  readonly context: ContextSetup;
}

const setup: WorkerSetup = workerData;
const checker = new FileChecker(setup.root, analysisContext(setup.context));

parentPort?.on('message', (paths: readonly string[]) => {
  parentPort?.postMessage(checker.check(paths));
});
