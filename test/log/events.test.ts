import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, readLog } from '../../server/src/log/index';
import { readEvent } from '../../server/src/log/readEvent';

/** Lines as ftrace (old and new), trace-cmd, perf script and a dump of the buffer into the kernel log print them. */
const LINES: readonly (readonly [
  line: string,
  name: string,
  mask: string | undefined,
  order: number | undefined,
  caller: string | undefined,
])[] = [
  [
    '          <idle>-0       [001] ..s..  12.567890: kmalloc: call_site=__alloc_skb+0x8d/0x1a0 ptr=00000000a1b2c3d4 bytes_req=640 bytes_alloc=1024 gfp_flags=GFP_ATOMIC|__GFP_NOWARN node=-1 accounted=false',
    'kmalloc',
    'GFP_ATOMIC|__GFP_NOWARN',
    undefined,
    '__alloc_skb',
  ],
  [
    '           <...>-1234  [002]   123.456000: kmalloc: call_site=ffffffff810e3a2f ptr=ffff88003d1e9800 bytes_req=128 bytes_alloc=128 gfp_flags=GFP_KERNEL|GFP_ZERO',
    'kmalloc',
    'GFP_KERNEL|GFP_ZERO',
    undefined,
    undefined,
  ],
  [
    'perf  99 [003]  55.100000: kmem:kmem_cache_alloc: (getname_flags+0x4f) call_site=ffffffff81234567 ptr=0xffff8881 bytes_req=4096 bytes_alloc=4096 gfp_flags=0xcc0',
    'kmem_cache_alloc',
    '0xcc0',
    undefined,
    'getname_flags',
  ],
  [
    '[   12.345678]     bash-1234    0..... 1234us : mm_page_alloc: page=ffffea0000000000 pfn=1 order=3 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE',
    'mm_page_alloc',
    'GFP_HIGHUSER_MOVABLE',
    3,
    undefined,
  ],
  [
    ' kworker/0:1-22 [000] ..... 1234.568004: mm_compaction_try_to_compact_pages: order=6 gfp_mask=GFP_KERNEL|__GFP_COMP priority=1',
    'mm_compaction_try_to_compact_pages',
    'GFP_KERNEL|__GFP_COMP',
    6,
    undefined,
  ],
];

const FAILING = [
  ' a-1 [000] .....  1.000001: mm_page_alloc: page=(null) pfn=0x0 order=6 migratetype=0 gfp_flags=GFP_KERNEL|__GFP_COMP',
  ' a-1 [000] .....  1.000002: mm_page_alloc: page=0000000000000000 pfn=0 order=6 migratetype=0 gfp_flags=0x40cc0',
  ' a-1 [000] .....  1.000003: kmalloc: call_site=f+0x1/0x2 ptr=(nil) bytes_req=1 bytes_alloc=8 gfp_flags=GFP_NOWAIT',
];

describe('what a trace adds up to', () => {
  const page = (order: number, mask: string): string =>
    ` a-1 [000] .....  1.0: mm_page_alloc: page=ffff pfn=0x1 order=${order} migratetype=0 gfp_flags=${mask}`;
  const slab = (caller: string): string =>
    ` a-1 [000] .....  1.0: kmalloc: call_site=${caller}+0x1/0x2 ptr=ffff bytes_req=1 bytes_alloc=8 gfp_flags=GFP_NOWAIT`;
  const only = (lines: readonly string[]) => readLog(`${lines.join('\n')}\n`)[0]!;

  test('requests by mask and order, callers by their number', () => {
    const [pages] = only([page(0, 'GFP_KERNEL'), page(3, 'GFP_KERNEL'), page(0, 'GFP_KERNEL')]).events!.masks;
    assert.deepEqual([pages?.requests, pages?.orders], [3, [2, 0, 0, 1]]);
    const [slabs] = only(['a', 'b', 'b', 'c', 'c', 'c', 'd'].map(slab)).events!.masks;
    assert.deepEqual(
      slabs?.callers.map(({ name, count }) => `${name} ${count}`),
      ['c 3', 'b 2', 'a 1', 'd 1'],
    );
  });

  test('reclaim and compaction by the mask of who waited, and how they ended', () => {
    const reclaim = ' a-1 [000] .....  1.0: mm_vmscan_direct_reclaim_begin: order=3 gfp_flags=GFP_KERNEL';
    const compaction = ' a-1 [000] .....  1.0: mm_compaction_try_to_compact_pages: order=3 gfp_mask=GFP_KERNEL priority=1';
    const end = (pages: number): string => ` a-1 [000] .....  1.0: mm_vmscan_direct_reclaim_end: nr_reclaimed=${pages}`;
    const ended = (status: string): string =>
      ` a-1 [000] .....  1.0: mm_compaction_end: zone_start=0x1 migrate_pfn=0x2 free_pfn=0x3 zone_end=0x4, mode=sync status=${status}`;
    const record = only([reclaim, compaction, reclaim, end(40), end(0), end(2), ended('success'), ended('contended'), ended('success')]);
    const [use] = record.events!.masks;
    assert.deepEqual([use?.text, use?.requests, use?.reclaims, use?.compactions, use?.orders], ['GFP_KERNEL', 0, 2, 1, []]);
    const { summary, kernelFrom } = explainFailure(record);
    assert.equal(
      summary,
      '9 trace events, 0 of them requests for memory, with 1 different mask. Tasks had to reclaim memory themselves 3 times (42 pages, 1 of them in vain). Compaction ended with success (2), contended (1).',
    );
    assert.equal(kernelFrom, 'mask');
    assert.match(explainFailure(only([end(40)])).summary, /once \(40 pages\)\.$/);
    // Only the end of a compaction says how it ended, only the end of a reclaim what it brought.
    const other = only([`${compaction} status=success`, `${reclaim} nr_reclaimed=5`]).events!;
    assert.deepEqual([[...other.compactions], other.reclaims], [[], 0]);
  });

  test('page blocks that were broken up', () => {
    const extfrag = (fragmenting: number): string =>
      ` a-1 [000] .....  1.0: mm_page_alloc_extfrag: page=1 pfn=1 alloc_order=0 fallback_order=3 fragmenting=${fragmenting} change_ownership=1`;
    const summary = (...lines: string[]): string => explainFailure(only(lines)).summary;
    assert.match(summary(extfrag(1)), /A page block of another mobility was broken up once, which/);
    assert.match(summary(extfrag(1), extfrag(0), extfrag(1)), /broken up 2 times/);
    assert.doesNotMatch(summary(extfrag(0)), /broken up/);
  });

  test('a trace without a mask does not say which kernel it is of; nor do masks that no kernel has', () => {
    const from = (...lines: string[]): string => explainFailure(only(lines)).kernelFrom;
    assert.equal(from(' a-1 [000] .....  1.0: mm_vmscan_direct_reclaim_end: nr_reclaimed=4'), 'assumed');
    assert.equal(from(page(0, 'GFP_KERNEL')), 'mask');
    assert.equal(from(page(0, 'GFP_NONSENSE')), 'assumed');
    // The newest kernel that knows all of them: __GFP_REPEAT went in 4.13.
    assert.match(explainFailure(only([page(0, 'GFP_KERNEL|__GFP_REPEAT'), page(0, 'GFP_NOFS')])).kernel, /^4\.(?:9|12)/);
    assert.match(explainFailure(only([page(0, 'none')])).events?.masks[0]?.mask?.hex ?? '', /^0x0$/);
  });

  test('five callers of a mask are shown; an order that no kernel has is no order', () => {
    const [use] = only(['a', 'b', 'c', 'd', 'e', 'f', 'f'].map(slab)).events!.masks;
    assert.deepEqual(
      use?.callers.map(({ name }) => name),
      ['f', 'a', 'b', 'c', 'd'],
    );
    assert.deepEqual(only([page(63, 'GFP_KERNEL'), page(64, 'GFP_KERNEL')]).events!.masks[0]?.orders.length, 64);
  });

  test('masks and callers without end: the first 256 and 512 are told apart, all are counted', () => {
    const masks = only(Array.from({ length: 300 }, (_, index) => page(0, `0x${(index + 1).toString(16)}`))).events!;
    assert.deepEqual([masks.masks.length, masks.counts.get('mm_page_alloc')], [256, 300]);
    const callers = (count: number): readonly string[] => [
      ...Array.from({ length: count }, (_, index) => slab(`f${index}`)),
      ...[0, 0].map(() => slab(`f${count - 1}`)),
    ];
    const largest = (count: number) => only(callers(count)).events!.masks[0]?.callers[0];
    assert.deepEqual(largest(512), { name: 'f511', count: 3 });
    assert.deepEqual(largest(513)?.count, 1);
  });

  test('one of a thing is told in the singular', () => {
    const summary = (...lines: string[]): string => explainFailure(only(lines)).summary;
    assert.equal(
      summary(page(0, 'GFP_KERNEL')),
      '1 trace event, 1 of them requests for memory, with 1 different mask. None of them failed.',
    );
    assert.match(summary(page(0, 'GFP_KERNEL'), page(0, 'GFP_NOIO')), /^2 trace events, 2 .* with 2 different masks\./);
  });
});

describe('trace events', () => {
  for (const [line, name, mask, order, caller] of LINES) {
    test(line.trim().slice(0, 72), () => {
      const event = readEvent(line);
      assert.deepEqual([event?.name, event?.mask, event?.order, event?.caller, event?.failed], [name, mask, order, caller, false]);
    });
  }

  for (const line of FAILING) test(`${line.slice(24)}: got nothing`, () => assert.equal(readEvent(line)?.failed, true));

  test('a whole trace: counted by mask, failures first, masks decoded whether named or numbers', () => {
    const text = [
      ...LINES.map(([line]) => line),
      ...FAILING,
      ' a-1 [000] .....  1.0: mm_vmscan_direct_reclaim_end: nr_reclaimed=0',
      '',
    ].join('\n');
    const [record, ...others] = readLog(text);
    assert.deepEqual([record?.kind, others], ['events', []]);
    const { events, summary } = explainFailure(record!);
    assert.deepEqual(
      events?.masks.slice(0, 3).map(({ use, mask }) => [use.text, use.failed, mask?.canonical]),
      [
        ['GFP_KERNEL|__GFP_COMP', 1, 'GFP_KERNEL|__GFP_COMP'],
        ['0x40cc0', 1, 'GFP_KERNEL|__GFP_COMP'],
        ['GFP_NOWAIT', 1, 'GFP_NOWAIT'],
      ],
    );
    assert.match(summary, /^9 trace events, 7 of them requests .* 3 requests got nothing\. .* once \(0 pages, 1 of them in vain\)/);
  });

  test('a name that no kernel has is said to be unknown', () => {
    const [record] = readLog(' a-1 [0] 1.0: mm_page_alloc: page=1 pfn=1 order=0 migratetype=0 gfp_flags=GFP_NONSENSE\n');
    assert.equal(explainFailure(record!).events?.masks[0]?.mask, undefined);
  });

  test('a number at a cut end is left out', () => {
    const [record] = readLog(' a-1 [0] 1.0: mm_page_alloc: page=1 pfn=1 order=1');
    assert.deepEqual(record?.events?.masks, []);
    const [cut] = readLog(' a-1 [0] 1.0: mm_vmscan_direct_reclaim_end: nr_reclaimed=12');
    assert.equal(cut?.events?.reclaimed, 0);
  });

  test('events between the lines of a failure belong to the trace, not to the failure', () => {
    const text = [
      '[    1.0] a: page allocation failure: order:2, mode:0xcc0(GFP_KERNEL), nodemask=(null)',
      ' a-1 [000] .....  1.0: mm_page_alloc: page=1 pfn=1 order=9 migratetype=0 gfp_flags=GFP_NOFS',
      '[    1.0] CPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1',
      '',
    ].join('\n');
    const records = readLog(text);
    assert.deepEqual(
      records.map(({ kind, header }) => [kind, header.order?.value]),
      [
        ['page', 2],
        ['events', undefined],
      ],
    );
    assert.equal(records[0]?.machine.kernel?.value, '6.1.0');
  });
});
