import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WorkerReserve } from '../../../server/src/cli/workerReserve';
import { runPool, type SpawnWorker } from '../../../server/src/program/pool';

interface Log {
  started: number;
  ended: number;
  readonly results: number[];
}

function workers(log: Log, deadly: number | undefined): SpawnWorker<number, readonly number[]> {
  return (events) => {
    log.started++;
    let live = true;
    return {
      post: (batch) =>
        void setImmediate(() => {
          if (!live) return;
          if (deadly !== undefined && batch.includes(deadly)) {
            live = false;
            events.died('killed');
          } else events.result(batch);
        }),
      terminate: () => {
        if (live) log.ended++;
        live = false;
      },
    };
  };
}

async function rounds(batches: readonly (readonly number[])[][], deadly?: number, signal?: AbortSignal): Promise<Log> {
  const log: Log = { started: 0, ended: 0, results: [] };
  const reserve = new WorkerReserve(workers(log, deadly));
  for (const round of batches)
    await runPool(round, {
      jobs: 2,
      spawn: reserve.spawn,
      onResult: (result) => log.results.push(...result),
      onLost: () => {},
      ...(signal && { signal }),
    });
  reserve.close();
  return log;
}

describe('workers that stay for the next round', () => {
  test('a second round has the workers of the first, and all of them end', async () => {
    const log = await rounds([
      [[1], [2], [3], [4]],
      [[5], [6], [7]],
    ]);
    assert.deepEqual(
      log.results.sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.equal(log.started, 2);
    assert.equal(log.ended, 2);
  });

  test('a worker that died is not used again', async () => {
    const log = await rounds(
      [
        [[1], [13], [3]],
        [[5], [6]],
      ],
      13,
    );
    assert.deepEqual(
      log.results.sort((a, b) => a - b),
      [1, 3, 5, 6],
    );
    assert.equal(log.started - log.ended, 2, 'the batch and its retry killed one each; the others were ended');
  });

  test('a worker that is at work when the run is aborted ends at once', async () => {
    const controller = new AbortController();
    const running = rounds([[[1], [2]]], undefined, controller.signal);
    controller.abort();
    const log = await running;
    assert.deepEqual(log.results, []);
    assert.equal(log.ended, log.started);
  });
});
