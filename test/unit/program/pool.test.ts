import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { runPool, type SpawnWorker } from '../../../server/src/program/pool';

interface Log {
  readonly results: number[];
  readonly lost: number[];
  spawned: number;
  terminated: number;
  most: number;
}

/** Workers that answer with the items of their batch, die on the items of `deadly`, and answer in the order of the event queue. */
function fakeWorkers(log: Log, deadly: ReadonlySet<number>, live: Set<object>): SpawnWorker<number, readonly number[]> {
  return (events) => {
    const self = {};
    live.add(self);
    log.spawned++;
    log.most = Math.max(log.most, live.size);
    return {
      post: (batch) => {
        setImmediate(() => {
          if (!live.has(self)) return;
          if (batch.some((item) => deadly.has(item))) {
            live.delete(self);
            events.died('killed');
          } else events.result(batch);
        });
      },
      terminate: () => {
        log.terminated++;
        live.delete(self);
      },
    };
  };
}

async function run(batches: readonly (readonly number[])[], jobs: number, deadly: readonly number[] = []): Promise<Log> {
  const log: Log = { results: [], lost: [], spawned: 0, terminated: 0, most: 0 };
  const live = new Set<object>();
  await runPool(batches, {
    jobs,
    spawn: fakeWorkers(log, new Set(deadly), live),
    onResult: (items) => log.results.push(...items),
    onLost: (item) => log.lost.push(item),
  });
  assert.equal(live.size, 0, 'a worker was left running');
  return log;
}

describe('the worker pool', () => {
  test('does every item once, with at most as many workers as jobs', async () => {
    const log = await run([[1, 2], [3], [4, 5, 6]], 2);
    assert.deepEqual(log.results.sort(), [1, 2, 3, 4, 5, 6]);
    assert.equal(log.most, 2);
    assert.equal(log.spawned, 2);
  });

  test('starts no more workers than batches, and none for no work', async () => {
    assert.equal((await run([[1]], 8)).spawned, 1);
    assert.equal((await run([], 8)).spawned, 0);
  });

  test('an item that kills its worker twice is lost, its neighbours are not', async () => {
    const log = await run([[1, 2, 3], [4]], 1, [2]);
    assert.deepEqual(log.results.sort(), [1, 3, 4]);
    assert.deepEqual(log.lost, [2]);
  });

  test('a worker that dies once costs nothing', async () => {
    let first = true;
    const results: number[] = [];
    await runPool([[1, 2]], {
      jobs: 1,
      spawn: (events) => ({
        post: (batch) => {
          setImmediate(() => {
            if (first) {
              first = false;
              events.died('hiccup');
            } else events.result(batch);
          });
        },
        terminate: () => undefined,
      }),
      onResult: (items: readonly number[]) => results.push(...items),
      onLost: () => assert.fail('nothing may be lost'),
    });
    assert.deepEqual(results.sort(), [1, 2]);
  });

  test('gives up when workers only die, instead of starting one for every item', async () => {
    const items = Array.from({ length: 500 }, (_, i) => i);
    const log = await run([items.slice(0, 250), items.slice(250)], 2, items);
    assert.deepEqual(
      [...log.lost].sort((a, b) => a - b),
      items,
    );
    assert.ok(log.spawned < 50, `${log.spawned} workers were started`);
  });

  test('an abort ends it at once and keeps what was done', async () => {
    const abort = new AbortController();
    const results: number[] = [];
    let terminated = 0;
    await runPool([[1], [2], [3]], {
      jobs: 1,
      signal: abort.signal,
      spawn: (events) => ({
        post: (batch: readonly number[]) => setImmediate(() => events.result(batch)),
        terminate: () => {
          terminated++;
        },
      }),
      onResult: (items: readonly number[]) => {
        results.push(...items);
        if (items[0] === 2) abort.abort();
      },
      onLost: () => assert.fail('nothing may be lost'),
    });
    assert.deepEqual(results, [1, 2]);
    assert.equal(terminated, 1);
  });

  test('whatever dies, each item is answered or lost exactly once, and only deadly ones are lost', async () => {
    const batches = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(30), { maxLength: 4 }), async (given, jobs, deadly) => {
        const log = await run(given, jobs, deadly);
        assert.deepEqual([...log.results, ...log.lost].sort(), given.flat().sort());
        if (given.flat().filter((item) => deadly.includes(item)).length < 4) assert.ok(log.lost.every((item) => deadly.includes(item)));
      }),
      { numRuns: 200 },
    );
  });
});
