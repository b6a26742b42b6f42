import type { SpawnWorker } from '../program/pool';
import type { BatchResult, CheckEntry, FileChecker } from './checkFiles';

/** The one worker of a small run: this thread. */
export function inProcessSpawner(makeChecker: () => FileChecker): SpawnWorker<CheckEntry, BatchResult> {
  return (events) => {
    const checker = makeChecker();
    let live = true;
    return {
      post: (batch) =>
        void setImmediate(() => {
          if (live) events.result(checker.check(batch));
        }),
      terminate: () => {
        live = false;
      },
    };
  };
}
