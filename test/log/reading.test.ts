import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, type FailureRecord, readLog } from '../../server/src/log/index';
import { OOM, only, PAGE, SLEEP, SLUB } from './madeUp';

/** Without the lines on which things stand. */
const values = (found: object | undefined): unknown =>
  Object.fromEntries(Object.entries(found ?? {}).map(([key, one]) => [key, (one as { value?: unknown } | undefined)?.value ?? one]));

describe('what each part says', () => {
  test("SLUB's block", () => {
    const { slab } = only(
      'SLUB: Unable to allocate memory on node 1, gfp=0x820(GFP_ATOMIC)',
      '  cache: probe, object size: 416, buffer size: 480, default order: 3, min order: 2',
      SLUB,
      '  cache: other, object size: 1, buffer size: 2, default order: 0, min order: 0',
    );
    assert.deepEqual(values(slab), {
      line: 1,
      reports: 2,
      node: 1,
      mode: 0x820,
      flags: 'GFP_ATOMIC',
      cache: 'probe',
      objectSize: 416,
      bufferSize: 480,
      defaultOrder: 3,
      minOrder: 2,
    });
    const old = only('SLUB: Unable to allocate memory on CPU3 (of node 0) gfp=0x20').slab;
    assert.deepEqual(values(old), { line: 1, reports: 1, mode: 0x20 });
  });

  test('the tasks of an OOM report: the ten largest, the first of equals first', () => {
    const task = (pid: number, rss: number, adjustment = 0): string =>
      `[  ${pid}]     0   ${pid}    10000     ${rss}    77824        0         ${adjustment} task ${pid}`;
    const { oom } = only(OOM, ...[task(1, 50, -1000), task(2, 70), task(3, 50), ...Array.from({ length: 9 }, (_, i) => task(11 + i, 60))]);
    assert.equal(oom?.taskCount, 12);
    assert.deepEqual(
      oom?.largestTasks.map(({ pid }) => pid),
      [2, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    );
    assert.deepEqual(only(OOM, task(1, 50, -1000)).oom?.largestTasks, [
      { line: 2, pid: 1, name: 'task 1', rssPages: 50, oomScoreAdj: -1000 },
    ]);
  });

  test('the tasks of a small machine, all of them', () => {
    const rows = [50, 70, 60].map((rss, pid) => `[  ${pid}]     0   ${pid}    10000     ${rss}    77824        0         0 task`);
    assert.deepEqual(
      only(OOM, ...rows).oom?.largestTasks.map(({ rssPages }) => rssPages),
      [70, 60, 50],
    );
  });

  test('who was killed, and whose limit it was', () => {
    const { oom } = only(
      OOM,
      'memory: usage 524280kB, limit 524288kB, failcnt 158965',
      'Memory cgroup stats for /job: cache:844KB rss:521136KB',
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/job,task_memcg=/job,task=java,pid=7,uid=0',
      'Killed process 7 (java) total-vm:536704kB, anon-rss:521176kB, file-rss:1208kB, shmem-rss:0kB',
    );
    assert.deepEqual(values(oom), {
      taskCount: 0,
      largestTasks: [],
      constraint: 'CONSTRAINT_MEMCG',
      memcg: '/job',
      memcgUsage: 524280,
      memcgLimit: 524288,
      victim: 'java',
      victimPid: 7,
      victimAnonRss: 521176,
    });
    assert.deepEqual(values(only(OOM, 'Killed process 7 (java)').oom), { taskCount: 0, largestTasks: [], victim: 'java', victimPid: 7 });
    assert.equal(only(OOM, 'Out of memory: compulsory panic_on_oom is enabled').oom?.panicked?.value, true);
    assert.equal(only(OOM, 'Out of memory and no killable processes...').oom?.noKillable?.value, true);
  });

  test('why sleeping was forbidden', () => {
    const { context, header } = only(
      SLEEP,
      'in_atomic(): 1, irqs_disabled(): 2, non_block: 3, pid: 7, name: my worker',
      'preempt_count: 10002, expected: 0',
      'RCU nest depth: 4, expected: 0',
    );
    assert.deepEqual(values(context), {
      locks: [],
      place: 'mm/slab.h:565',
      inAtomic: 1,
      irqsDisabled: 2,
      nonBlock: 3,
      preemptCount: 0x10002,
      rcuDepth: 4,
    });
    assert.equal(header.process?.value, 'my worker');
    // The last line of an input without its end: the name may be cut.
    assert.equal(readLog(`${SLEEP}\nin_atomic(): 1, pid: 7, name: my wor`)[0]?.header.process, undefined);
  });

  test('locks of old kernels have no wait type: a spinlock is told by its name', () => {
    const lock = (name: string): FailureRecord => only(SLEEP, ` #0:  (${name}){+.+...}, at: [<ffffffff81234567>] grab+0x17/0x30`);
    assert.deepEqual(lock('&(&dev->lock)->rlock').context?.locks, [{ name: '&(&dev->lock)->rlock', line: 2, at: 'grab' }]);
    assert.match(explainFailure(lock('&(&dev->lock)->rlock')).summary, /forbidden: &\(&dev->lock\)->rlock is held since grab\(\)\./);
    assert.match(explainFailure(lock('rcu_read_lock')).summary, /forbidden: inside rcu_read_lock\(\)\./);
    assert.match(explainFailure(lock('&dev->mutex')).summary, /forbidden: the log does not say why\./);
    // With wait types the name does not matter: 3 is a mutex, 2 a spinlock.
    const typed = (name: string, type: number): string =>
      explainFailure(only(SLEEP, ` #0: ffff8881 (${name}){+.+.}-{${type}:${type}}, at: grab+0x17/0x30`)).summary;
    assert.match(typed('&a->rlock', 3), /the log does not say why/);
    assert.match(typed('&a->lock', 2), /&a->lock is held since grab/);
    // Without a type of its own, as mounts are.
    assert.match(typed('sb_writers', 0), /the log does not say why/);
    assert.match(typed('rcu_read_lock', 0), /inside rcu_read_lock/);
    assert.match(typed('&a->rlock', 0), /the log does not say why/);
  });

  test('where preemption was switched off; the same words in a trace are a frame', () => {
    const frame = '[<ffffffff81234567>] grab+0x17/0x30';
    assert.match(
      explainFailure(only(SLEEP, 'Preemption disabled at:', frame)).summary,
      /forbidden: preemption was switched off in grab\(\)\./,
    );
    const traced = only(SLEEP, 'CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1', 'Call Trace:', frame);
    assert.deepEqual([traced.context?.preemptionDisabledAt, traced.trace.map(({ name }) => name)], [undefined, ['grab']]);
  });

  test('vmalloc: the size, what was got of it, and the order of the pages', () => {
    const header = (line: string): unknown => values(only(line).header);
    assert.deepEqual(header('insmod: vmalloc: allocation failure, allocated 4096 of 8192 bytes'), {
      process: 'insmod',
      bytes: 8192,
      allocatedBytes: 4096,
    });
    assert.deepEqual(header('insmod: vmalloc: allocation failure: 8192 bytes'), { process: 'insmod', bytes: 8192 });
    assert.deepEqual(
      header('insmod: vmalloc error: size 4194304, page order 9, failed to allocate pages, mode:0xcc2(GFP_KERNEL|__GFP_HIGHMEM)'),
      {
        process: 'insmod',
        bytes: 4194304,
        order: 9,
        reason: 'page order 9, failed to allocate pages',
        mode: 0xcc2,
        flags: 'GFP_KERNEL|__GFP_HIGHMEM',
      },
    );
    const summary = (line: string): string => explainFailure(only(line)).summary;
    assert.match(summary('insmod: vmalloc: allocation failure: 8192 bytes'), /^insmod asked vmalloc for 8192 bytes\./);
  });

  test('the machine', () => {
    const machine = (...lines: readonly string[]): unknown => values(only(PAGE, ...lines).machine);
    assert.deepEqual(
      machine(
        'CPU: 3 UID: 0 PID: 42 Comm: my worker Kdump: loaded Tainted: G        W           6.12.3-rc1+ #7',
        'Hardware name: QEMU Standard PC',
        'Hardware name: another',
        'Workqueue: events work_fn',
        'CPU: 5 PID: 1 Comm: other Not tainted 5.4.0 #1',
      ),
      { command: 'my worker', pid: 42, cpu: 3, kernel: '6.12.3-rc1+', hardware: 'QEMU Standard PC', workqueue: 'events work_fn' },
    );
    assert.deepEqual(machine('Pid: 42, comm: a Not tainted 2.6.32-5-amd64 #1'), { command: 'a', pid: 42, kernel: '2.6.32-5-amd64' });
    // Cut: `Hardware name: QEMU Stand` would be another machine.
    assert.equal(readLog(`${PAGE}\nHardware name: QEMU Stand`)[0]?.machine.hardware, undefined);
  });

  test('frames: module, doubt, and place of each', () => {
    const { trace } = only(
      PAGE,
      ' ? maybe+0x1/0x2',
      ' plain+0x1/0x2',
      ' mod+0x1/0x2 [driver]',
      ' placed+0x1/0x2 drivers/a.c:12',
      '(callee) from [<c0109a55>] (arm+0x11/0x14 [driver])',
      'callee from arm64+0x11/0x14',
      ' ? decoded (include/a.h:3 drivers/a.c:40 (discriminator 3)) driver',
      ' inlined drivers/a.c:9 [inline]',
    );
    assert.deepEqual(
      trace.map(({ line: _, ...frame }) => frame),
      [
        { name: 'maybe', unsure: true },
        { name: 'plain', unsure: false },
        { name: 'mod', unsure: false, module: 'driver' },
        { name: 'placed', unsure: false, source: 'drivers/a.c:12' },
        { name: 'arm', unsure: false, module: 'driver' },
        { name: 'arm64', unsure: false },
        { name: 'decoded', unsure: true, module: 'driver', source: 'drivers/a.c:40' },
        { name: 'inlined', unsure: false, source: 'drivers/a.c:9' },
      ],
    );
  });

  test('nodes and huge pages', () => {
    const { memory } = only(
      PAGE,
      'Mem-Info:',
      'Node 0 active_anon:224kB isolated(anon):8kB shmem_thp: 16kB all_unreclaimable? no',
      'Node 1 active_anon:448kB all_unreclaimable? yes',
      'Node 2 active_anon:1kB',
      'Node 1 hugepages_total=4 hugepages_free=3 hugepages_surp=0 hugepages_size=2048kB',
    );
    assert.deepEqual(
      memory?.nodes.map(({ node, line, fields, allUnreclaimable }) => [
        node,
        line,
        values(Object.fromEntries(fields)),
        allUnreclaimable?.value,
      ]),
      [
        [0, 3, { active_anon: 224, 'isolated(anon)': 8, shmem_thp: 16 }, false],
        [1, 4, { active_anon: 448 }, true],
        [2, 5, { active_anon: 1 }, undefined],
      ],
    );
    assert.deepEqual(memory?.hugepages, [{ node: 1, line: 6, sizeKb: 2048, total: 4, free: 3 }]);
    // Of a report whose beginning is lost.
    const line = (node: number): string => `Node ${node} hugepages_total=4 hugepages_free=3 hugepages_surp=0 hugepages_size=2048kB`;
    assert.equal(only(PAGE, line(0)).memory?.hugepages.length, 1);
    const many = Array.from({ length: 600 }, (_, node) => line(node));
    assert.equal(only(PAGE, ...many).memory?.hugepages.length, 512);
  });

  test('of a zone that is printed twice, as two processors do, the first counts', () => {
    const { memory } = only(
      PAGE,
      'Mem-Info:',
      'Node 0 Normal free:8000kB min:2000kB',
      'lowmem_reserve[]: 0 7',
      'lowmem_reserve[]: 0 9',
      'Node 0 Normal free:1kB min:1kB low:3kB',
      'Node 0 Normal: 2000*4kB (U) 0*8kB = 8000kB',
      'lowmem_reserve[]: 0 11',
      'Node 0 Normal: 1*4kB (U) 0*8kB = 4kB',
    );
    assert.deepEqual(
      memory?.zones.map((zone) => [
        values(Object.fromEntries(zone.fields)),
        zone.lowmemReserve?.value,
        zone.buddy?.cells.map(({ count }) => count),
        zone.buddy?.total?.value,
      ]),
      [[{ free: 8000, min: 2000 }, [0, 7], [2000, 0], 8000]],
    );
  });

  test('blocks before their zone; a list that runs into another ends where the sizes stop doubling', () => {
    const { memory } = only(PAGE, 'Mem-Info:', 'Node 0 Normal: 5*4kB (U) 6*8kB (M) 9*4kB 0*0kB', 'Node 0 Normal free:8000kB min:2000kB');
    assert.deepEqual(
      memory?.zones.map((zone) => [
        zone.fields.get('free')?.value,
        zone.buddy?.cells.map(({ count, blockKb }) => `${count}*${blockKb}`),
        zone.buddy?.total,
      ]),
      [[8000, ['5*4', '6*8'], undefined]],
    );
  });
});
