import type { SpawnWorker } from '../program/pool';
import type { BatchResult, CheckEntry, FileChecker } from './checkFiles';

/** The one worker of `--jobs 1`: this thread, which lets events (an interrupt) through between batches. */
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
