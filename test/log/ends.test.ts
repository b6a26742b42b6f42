import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CYCLE, OOM, only, PAGE, SLEEP, SLUB } from './madeUp';

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
