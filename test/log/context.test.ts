import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explainFailure } from '../../server/src/log/explain';
import { readLog } from '../../server/src/log/scanner';

/** What a person reads in each report: who called which allocator, and why sleeping (or reclaim) was forbidden. */
const REPORTS: readonly (readonly [log: string, site: string, allocator: string, why: RegExp, not?: RegExp])[] = [
  [
    'sleep-5.19-nfsd-inode-lock',
    'btrfs_get_or_create_delayed_node',
    '__xa_insert',
    /preemption is off, &root->inode_lock is held since btrfs_get_or_create_delayed_node\(\)/,
  ],
  ['sleep-6.9-rcu', 'ath12k_mac_arvif_get_arp_ns_offload', 'kmalloc_trace', /forbidden: inside rcu_read_lock\(\)\.$/],
  ['sleep-5.17-sta-info', 'sta_info_alloc', 'kmem_cache_alloc_trace', /forbidden: preemption is off\.$/],
  ['sleep-5.17-powerpc-irqs-off', 'hash__map_kernel_page', '__pud_alloc', /forbidden: interrupts are off\.$/, /cpu_hotplug_lock/],
  ['sleep-6.12-udevd', 'getname_kernel', 'kmem_cache_alloc', /inside rcu_read_lock\(\)/],
  ['sleep-5.8-btrfs', 'kvasprintf', '__kmalloc_track_caller', /preemption is off/],
  ['sleep-5.5-fsstress', 'alloc_extent_state', 'kmem_cache_alloc', /preemption is off/],
  ['sleep-5.12-skb', 'netlink_ack', '__alloc_skb', /inside rcu_read_lock\(\), preemption was switched off in __dev_queue_xmit\(\)/],
  ['lockdep-6.3-shrinker', 'alloc_extent_state', 'kmem_cache_alloc', /kswapd0 takes sb_internal#2 while it holds fs_reclaim/],
  ['lockdep-6.16-xfs', 'ima_d_path', '', /syz\.0\.0 takes fs_reclaim while it holds &xfs_nondir_ilock_class/],
  ['lockdep-6.18-xfs', 'iomap_fill_dirty_folios', '__kmalloc_cache', /kswapd0 takes &xfs_nondir_ilock_class while it holds fs_reclaim/],
  ['lockdep-5.8-ashmem', '', '', /khugepaged takes &sb->s_type->i_mutex_key#15 while it holds fs_reclaim/],
];

const textOf = (log: string) => readFileSync(join(__dirname, 'context', `${log}.log`), 'utf8');

describe('reports about the wrong context', () => {
  for (const [log, site, allocator, why, not] of REPORTS) {
    test(log, () => {
      const [record] = readLog(textOf(log));
      assert.equal(record?.kind, log.startsWith('sleep') ? 'sleep' : 'lockdep');
      const explanation = explainFailure(record!);
      if (allocator !== '') assert.deepEqual([explanation.site?.function, explanation.site?.allocator], [site, allocator]);
      assert.match(explanation.summary, why);
      if (not !== undefined) assert.doesNotMatch(explanation.summary, not);
      assert.ok(explanation.advice.length > 0);
    });
  }

  test('the locks that were held, with the functions that took them', () => {
    const [record] = readLog(textOf('sleep-5.19-nfsd-inode-lock'));
    assert.deepEqual(
      record?.context?.locks.map(({ name, at, waitType }) => [name, at, waitType]),
      [
        ['sb_writers#14', 'nfsd4_setattr', 0],
        ['&sb->s_type->i_mutex_key#16', 'nfsd_setattr', 3],
        ['sb_internal#2', 'btrfs_dirty_inode', 0],
        ['&root->inode_lock', 'btrfs_get_or_create_delayed_node', 2],
      ],
    );
    assert.deepEqual(
      [record?.context?.inAtomic?.value, record?.context?.irqsDisabled?.value, record?.context?.preemptCount?.value],
      [1, 0, 1],
    );
  });

  test('scheduling while atomic', () => {
    const text = [
      '[   10.1] BUG: scheduling while atomic: worker/42/0x00000002',
      '[   10.2] CPU: 1 PID: 42 Comm: worker Not tainted 6.1.0 #1',
      '[   10.3] Call Trace:',
      '[   10.4]  dump_stack_lvl+0x44/0x5c',
      '[   10.5]  __schedule_bug.cold+0x47/0x53',
      '[   10.6]  __schedule+0x10/0x20',
      '[   10.7]  schedule+0x10/0x20',
      '[   10.8]  my_wait+0x10/0x20 [driver]',
    ].join('\n');
    const [record] = readLog(text);
    assert.deepEqual([record?.kind, record?.header.process?.value, record?.context?.preemptCount?.value], ['atomic-schedule', 'worker', 2]);
    const { site } = explainFailure(record!);
    assert.deepEqual([site?.function, site?.module], ['my_wait', 'driver']);
  });

  test('inconsistent lock state: reclaim as a usage, before 4.15', () => {
    const text = [
      '=================================',
      '[ INFO: inconsistent lock state ]',
      '4.9.0 #1 Not tainted',
      '---------------------------------',
      'inconsistent {RECLAIM_FS-ON-W} -> {IN-RECLAIM_FS-W} usage.',
      'kswapd0/42 [HC0[0]:SC0[0]:HE1:SE1] takes:',
      ' (&sample->lock){+.+.?.}, at: [<ffffffff81234567>] sample_shrink+0x25/0x120 [sample]',
      '{RECLAIM_FS-ON-W} state was registered at:',
      '  [<ffffffff810d1c35>] mark_held_locks+0x75/0xa0',
      '  [<ffffffff811e0f5c>] kmem_cache_alloc+0x2c/0x2a0',
      '  [<ffffffffa0012345>] sample_grow+0x15/0x60 [sample]',
      'CPU: 1 PID: 42 Comm: kswapd0 Not tainted 4.9.0 #1',
      '',
    ].join('\n');
    const [record] = readLog(text);
    assert.deepEqual(
      [record?.kind, record?.header.process?.value, record?.context?.acquiring?.value, record?.context?.usage?.value],
      ['lockdep', 'kswapd0', '&sample->lock', 'RECLAIM_FS-ON-W -> IN-RECLAIM_FS-W'],
    );
    const { summary, site } = explainFailure(record!);
    assert.match(
      summary,
      /^Lockdep: inconsistent lock state\. kswapd0 takes &sample->lock with \{IN-RECLAIM_FS-W\}, against \{RECLAIM_FS-ON-W\} before: reclaim takes a lock under which memory is allocated/,
    );
    assert.deepEqual([site?.function, site?.allocator], ['sample_grow', 'kmem_cache_alloc']);
  });

  test('inconsistent lock state without an allocation is left out', () => {
    const text = [
      'WARNING: inconsistent lock state',
      'inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.',
      'ksoftirqd/5/40 [HC0[0]:SC1[1]:HE0:SE0] takes:',
      'ffff88818244d350 (&xa->xa_lock#14){+.?.}-{2:2}, at: sample_get+0x73/0x170 [sample]',
      '',
    ].join('\n');
    assert.deepEqual(readLog(text), []);
  });

  test('a trace with sources as decode_stacktrace.sh writes it', () => {
    const text = [
      '[   75.9] BUG: sleeping function called from invalid context at include/linux/sched/mm.h:306',
      '[   75.9] in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 1, name: sample',
      '[   75.9] Call Trace:',
      '[   75.9]  <TASK>',
      '[   75.9] dump_stack_lvl (lib/dump_stack.c:107 (discriminator 1)) ',
      '[   75.9] __might_resched (kernel/sched/core.c:10176) ',
      '[   75.9] kmem_cache_alloc (include/linux/sched/mm.h:306 mm/slab.h:717 mm/slub.c:3460) ',
      '[   75.9] ? sample_peek (drivers/sample/ring.c:12) sample',
      '[   75.9] sample_push (include/linux/slab.h:600 (discriminator 3) drivers/sample/ring.c:40 (discriminator 31)) sample',
      '',
    ].join('\n');
    const { site } = explainFailure(readLog(text)[0]!);
    assert.deepEqual(
      [site?.function, site?.module, site?.allocator, site?.file, site?.line],
      ['sample_push', 'sample', 'kmem_cache_alloc', 'drivers/sample/ring.c', 40],
    );
  });

  test('a panic in place of a kill is named, with the setting behind it', () => {
    const text = [
      'java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
      'Mem-Info:',
      'Node 0 Normal free:1000kB min:2000kB low:2500kB high:3000kB present:100000kB managed:100000kB',
      'lowmem_reserve[]: 0 0',
      'Node 0 Normal: 250*4kB (U) 0*8kB = 1000kB',
      'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
      '',
    ].join('\n');
    const { summary, advice } = explainFailure(readLog(text)[0]!);
    assert.match(summary, /The kernel panicked, as vm\.panic_on_oom demands\.$/);
    assert.ok(advice.some((one) => one.for === 'operator' && one.text.startsWith('vm.panic_on_oom is set')));
  });

  test('a lock report without an allocation is left out', () => {
    const text =
      'WARNING: possible circular locking dependency detected\na/1 is trying to acquire lock:\n00000000ffff0000 (&a){+.+.}, at: f+0x1/0x2\n';
    assert.deepEqual(readLog(text), []);
  });
});
