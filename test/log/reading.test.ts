import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, type FailureRecord, readLog } from '../../server/src/log/index';

const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const only = (...lines: readonly string[]): FailureRecord => {
  const records = readLog(text(...lines));
  assert.equal(records.length, 1);
  return records[0]!;
};
/** Without the lines on which things stand. */
const values = (found: object | undefined): unknown =>
  Object.fromEntries(Object.entries(found ?? {}).map(([key, one]) => [key, (one as { value?: unknown } | undefined)?.value ?? one]));

const PAGE = 'a: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL), nodemask=(null)';
const OOM = 'java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0';
const SLEEP = 'BUG: sleeping function called from invalid context at mm/slab.h:565';
const SLUB = 'SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)';
const CYCLE = 'WARNING: possible circular locking dependency detected';

/** Lines that a report of this kind can end with. */
const ENDS: readonly (readonly [head: string, last: string])[] = [
  [SLEEP, 'in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 7, name: worker'],
  [SLEEP, 'preempt_count: 1, expected: 0'],
  [SLEEP, 'RCU nest depth: 1, expected: 0'],
  [SLEEP, ' #0: ffff8881052d4438 (&dev->lock){+.+.}-{2:2}, at: probe+0x17f/0x3c0'],
  [SLEEP, 'Preemption disabled at:'],
  [SLEEP, '[<ffffffff81234567>] probe+0x17/0x30'],
  [PAGE, 'CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1'],
  [PAGE, 'Hardware name: QEMU Standard PC'],
  [PAGE, 'Workqueue: events work_fn'],
  [PAGE, 'Call Trace:'],
  [PAGE, ' probe+0x17f/0x3c0 [driver]'],
  [PAGE, ' probe from init+0x17f/0x3c0'],
  [PAGE, ' probe (drivers/a.c:12) driver'],
  [PAGE, ' probe drivers/a.c:12 [inline]'],
  [PAGE, ' </TASK>'],
  [PAGE, 'Mem-Info:'],
  ['Mem-Info:', 'active_anon:56 inactive_anon:3262 isolated_anon:0'],
  [PAGE, 'Node 0 active_anon:224kB inactive_anon:13048kB all_unreclaimable? no'],
  [PAGE, 'Node 0 Normal free:8000kB min:2000kB low:2500kB high:3000kB'],
  [PAGE, 'lowmem_reserve[]: 0 0'],
  [PAGE, 'Node 0 Normal: 2000*4kB (U) 0*8kB = 8000kB'],
  [PAGE, 'Node 0 hugepages_total=4 hugepages_free=3 hugepages_surp=0 hugepages_size=2048kB'],
  [PAGE, '1909321 total pagecache pages'],
  [PAGE, 'Swap cache stats: add 0, delete 0, find 0/0'],
  [PAGE, SLUB],
  [PAGE, '  cache: probe, object size: 416, buffer size: 480, default order: 1, min order: 0'],
  [PAGE, '  node 0: slabs: 9, objs: 153, free: 0'],
  [PAGE, 'warn_alloc: 7 callbacks suppressed'],
  [SLUB, '  cache: probe, object size: 416, buffer size: 480, default order: 1, min order: 0'],
  [OOM, 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task=java,pid=7,uid=0'],
  [OOM, 'memory: usage 524288kB, limit 524288kB, failcnt 158965'],
  [OOM, 'Memory cgroup stats for /job: cache:844KB rss:521136KB'],
  [OOM, 'Tasks state (memory values in pages):'],
  [OOM, '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'],
  [OOM, '[    511]     0   511    10000     2000    77824        0         -1000 udevd'],
  [OOM, 'Killed process 7 (java) total-vm:536704kB, anon-rss:521176kB, file-rss:1208kB, shmem-rss:0kB'],
  [OOM, 'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled'],
  [OOM, 'Out of memory and no killable processes...'],
];

describe('where a report ends', () => {
  for (const [head, last] of ENDS) {
    test(`with: ${last.trim().slice(0, 60)}`, () => {
      // What comes behind it is not part of it, but a line that the report does not know does not end it.
      const { line, endLine } = only('EXT4-fs (sda1): mounted', head, 'e1000: link is up', last, 'EXT4-fs (sda1): unmounting');
      // How many messages were held back says no more than that.
      assert.deepEqual([line, endLine], [2, last.includes('suppressed') ? 2 : 4]);
    });
  }

  test('a lock report', () => {
    const body = [
      'kswapd0/42 is trying to acquire lock:',
      'ffff88 (&sample->lock){+.+.}-{3:3}, at: sample_shrink+0x25/0x120',
      'but task is already holding lock:',
      'ffffff (fs_reclaim){+.+.}-{0:0}, at: balance_pgdat+0x5/0x9',
      'which lock already depends on the new lock.',
      'the existing dependency chain (in reverse order) is:',
      '-> #1 (fs_reclaim){+.+.}-{0:0}:',
      'other info that might help us debug this:',
      'Possible unsafe locking scenario:',
      '       CPU0                    CPU1',
      '  lock(fs_reclaim);',
      ' *** DEADLOCK ***',
      '2 locks held by kswapd0/42:',
      'stack backtrace:',
    ];
    for (let length = 4; length <= body.length; length++) {
      const record = only(CYCLE, ...body.slice(0, length), 'e1000: link is up');
      assert.equal(record.endLine, 1 + length, body[length - 1]);
      assert.deepEqual(
        [record.header.process?.value, record.context?.acquiring?.value, record.context?.holding?.value],
        ['kswapd0', '&sample->lock', 'fs_reclaim'],
      );
    }
  });

  test('after sixty lines of other things: what follows is another matter', () => {
    const others = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `eth0: event ${index}`);
    const end = 'CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1';
    assert.equal(only(PAGE, ...others(60), end).machine.kernel?.value, '6.1.0');
    assert.equal(only(PAGE, ...others(70), end).machine.kernel, undefined);
    // A line that belongs to the report begins the count anew.
    assert.equal(only(PAGE, ...others(40), 'Call Trace:', ...others(40), end).machine.kernel?.value, '6.1.0');
  });

  test('the trace, at the registers of the program; what another report prints there is not of it', () => {
    const trace = (...lines: readonly string[]): readonly string[] => only(PAGE, ...lines).trace.map(({ name }) => name);
    assert.deepEqual(trace(' f+0x1/0x2', ' </TASK>', ' g+0x1/0x2'), ['f']);
    assert.deepEqual(trace(' f+0x1/0x2', 'RIP: 0033:0x4009f0', ' g+0x1/0x2'), ['f']);
    assert.deepEqual(trace(' f+0x1/0x2', '---[ end trace 0000000000000000 ]---', ' g+0x1/0x2'), ['f']);
    assert.deepEqual(trace(' f+0x1/0x2', 'WARNING: CPU: 0 PID: 1 at net/a.c:7', ' g+0x1/0x2'), ['f']);
    assert.deepEqual(trace(' f+0x1/0x2', 'Mem-Info:', ' g+0x1/0x2'), ['f']);
    // An interrupt within the kernel: the trace goes on behind its registers. Before the first frame nothing ends it.
    assert.deepEqual(trace(' f+0x1/0x2', 'RIP: 0010:g+0x1/0x2', ' g+0x1/0x2'), ['f', 'g']);
    assert.deepEqual(trace(' </TASK>', 'WARNING: CPU: 0 PID: 1 at net/a.c:7', ' g+0x1/0x2'), ['g']);
  });
});

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

describe('messages with newlines inside', () => {
  /** The same report in one line of each transport. */
  const message = [PAGE, 'CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1', 'Mem-Info:', 'Node 0 Normal free:8000kB min:2000kB'];
  const carried: Readonly<Record<string, string>> = {
    rsyslog: `Jun  9 10:31:05 host kernel: ${message.join('#012')}`,
    'the escapes of printk': `[    1.0] ${message.join('\\x0a')}`,
    'the journal as JSON': JSON.stringify({ MESSAGE: message.join('\n') }),
    'the journal as JSON, in bytes': JSON.stringify({ MESSAGE: [...Buffer.from(message.join('\n'))] }),
    'a container': JSON.stringify({ log: `${message.join('\n')}\n`, stream: 'stdout' }),
  };
  for (const [transport, line] of Object.entries(carried)) {
    test(transport, () => {
      const { machine, memory } = only(line);
      assert.deepEqual([machine.kernel?.value, memory?.zones[0]?.fields.get('min')?.value], ['6.1.0', 2000]);
    });
  }

  test('JSON without a message in it does not keep the next line from being read', () => {
    for (const line of ['{"MESSAGE":["page",1]}', '{"MESSAGE":{"page":1}}', '{"MESSAGE":null}', '{"MESSAGE":[1,2'])
      assert.equal(only(line, PAGE).line, 2);
  });
});

describe('where things stand', () => {
  test('empty lines count, also before the first report and between two', () => {
    const records = readLog(text('', '', PAGE, ...Array.from({ length: 100 }, () => 'eth0: up'), '', PAGE));
    assert.deepEqual(
      records.map(({ line }) => line),
      [3, 105],
    );
  });

  test('what a report lacks', () => {
    const missing = (...lines: readonly string[]): readonly string[] => explainFailure(only(PAGE, ...lines)).missing;
    assert.deepEqual(missing(), ['kernel release', 'call trace', 'Mem-Info', 'zones', 'free block lists']);
    assert.deepEqual(missing('CPU: 1 PID: 42 Comm: a Not tainted 6.1.0 #1', ' f+0x1/0x2'), ['Mem-Info', 'zones', 'free block lists']);
    assert.deepEqual(missing('Mem-Info:', 'active_anon:1 free:2', 'Node 0 Normal free:8kB', 'Node 0 Normal: 2*4kB = 8kB'), [
      'kernel release',
      'call trace',
    ]);
  });
});

describe('reports into each other', () => {
  const machine = (name: string, release: string): string => `CPU: 0 PID: 1 Comm: ${name} Not tainted ${release} #1`;

  test('many tasks that name themselves: sixteen are told apart, of more the oldest ends', () => {
    const report = (tasks: number): readonly FailureRecord[] => {
      const ids = Array.from({ length: tasks }, (_, index) => index);
      return readLog(
        text(
          ...ids.map((id) => `[    1.0][ T${id}] task${id}: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)`),
          ...ids.map((id) => `[    1.1][ T${id}] ${machine(`task${id}`, `6.1.${id}`)}`),
        ),
      );
    };
    const whole = (records: readonly FailureRecord[]): readonly string[] =>
      records.filter((one) => one.machine.command?.value === one.header.process?.value).map((one) => one.machine.kernel?.value ?? '?');
    assert.equal(whole(report(16)).length, 16);
    const [first] = report(17);
    assert.deepEqual([first?.header.process?.value, first?.machine.kernel], ['task0', undefined]);
  });

  test('without names three may be open at once, the oldest is over when a fourth begins', () => {
    const head = (name: string): string => `${name}: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)`;
    const records = readLog(text(head('a'), head('b'), head('c'), head('d'), 'Mem-Info:', 'Node 0 Normal free:8kB min:2kB'));
    assert.deepEqual(
      records.map((one) => [one.header.process?.value, one.memory?.zones.length]),
      [
        ['a', undefined],
        ['b', undefined],
        ['c', undefined],
        ['d', 1],
      ],
    );
  });

  test('a report within another: the new one has the trace, the memory goes to the one that began it', () => {
    const [outer, inner] = readLog(
      text(
        'a: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL)',
        'Mem-Info:',
        'Node 0 DMA free:8kB min:2kB',
        'b: page allocation failure: order:3, mode:0xcc0(GFP_KERNEL)',
        ' f+0x1/0x2',
        'Node 0 Normal free:8kB min:2kB',
        'Mem-Info:',
        'Node 0 Normal free:16kB min:2kB',
      ),
    );
    const zones = (record: FailureRecord | undefined): readonly string[] | undefined =>
      record?.memory?.zones.map((zone) => `${zone.name} ${zone.fields.get('free')?.value}`);
    assert.deepEqual([outer?.trace.length, inner?.trace.map(({ name }) => name)], [0, ['f']]);
    assert.deepEqual([zones(outer)?.slice(0, 2), zones(inner)], [['DMA 8', 'Normal 8'], ['Normal 16']]);
  });

  test('how many were held back: said before the report, or in it', () => {
    const suppressed = 'warn_alloc: 7 callbacks suppressed';
    assert.equal(only(suppressed, PAGE).suppressed?.value, 7);
    assert.equal(only(PAGE, suppressed, 'warn_alloc: 9 callbacks suppressed').suppressed?.value, 7);
    const [, second] = readLog(text(suppressed, PAGE, '1 pages reserved', 'Node 0 Normal free:8kB min:2kB', '1 pages reserved', PAGE));
    assert.equal(second?.suppressed, undefined);
    // Of another task's report it says nothing.
    const [other] = readLog(text(`[    1.0][ T1] ${suppressed}`, `[    1.0][ T2] ${PAGE}`));
    assert.equal(other?.suppressed, undefined);
  });
});
