import type { SourceEntry } from '../program/batches';
import type { SpawnWorker } from '../program/pool';
import type { BatchResult, FileChecker } from './checkFiles';

/** The one worker of `--jobs 1`: this thread, which lets events (an interrupt) through between batches. */
export function inProcessSpawner(makeChecker: () => FileChecker): SpawnWorker<SourceEntry, BatchResult> {
  return (events) => {
    const checker = makeChecker();
    let live = true;
    return {
      post: (batch) =>
        void setImmediate(() => {
          if (live) events.result(checker.check(batch.map((entry) => entry.path)));
        }),
      terminate: () => {
        live = false;
      },
    };
  };
}
