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

  test('a lock report without an allocation is left out', () => {
    const text =
      'WARNING: possible circular locking dependency detected\na/1 is trying to acquire lock:\n00000000ffff0000 (&a){+.+.}, at: f+0x1/0x2\n';
    assert.deepEqual(readLog(text), []);
  });
});
