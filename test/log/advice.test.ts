import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, type FailureExplanation, readLog } from '../../server/src/log/index';
import { type Machine, report, type Zone } from './madeUp';

const explained = (request: string, zones: readonly Zone[], machine?: Machine): FailureExplanation =>
  explainFailure(readLog(report(request, zones, machine))[0]!);
const advised = (failure: FailureExplanation): string => failure.advice.map((one) => `${one.for}: ${one.text}`).join('\n');

/** Enough memory, in single pages. */
const pieces: Zone = { name: 'Normal', free: 40_000, min: 400, low: 500, high: 600, blocks: [[10_000, 'UM']] };
/** Nothing is left above the watermark. */
const empty: Zone = { ...pieces, free: 400, blocks: [[100, 'U']] };
const KERNEL = 'mode:0xcc0(GFP_KERNEL)';
const ATOMIC = 'mode:0x820(GFP_ATOMIC)';

describe('a request for a block', () => {
  const kmalloc: Machine = { trace: ['warn_alloc', '__alloc_pages', '__kmalloc', 'probe'] };

  test('of kmalloc that may sleep: kvmalloc; for a device or from an interrupt not', () => {
    const text = advised(explained(`order:4, ${KERNEL}`, [pieces], kmalloc));
    assert.match(text, /^developer: Use kvcalloc\(\) .* in probe\(\), freed with kvfree\(\): 64 kB then need not be contiguous/);
    assert.doesNotMatch(text, /memalloc_nofs_save/);
    const device = advised(explained(`order:4, ${KERNEL}`, [pieces], { trace: ['warn_alloc', '__kmalloc', 'dma_alloc_attrs', 'probe'] }));
    assert.doesNotMatch(device, /kvcalloc/);
    assert.match(device, /Allocate the buffer of probe\(\) early .*: at run time 64 kB in one piece is luck/);
    assert.doesNotMatch(advised(explained(`order:4, ${ATOMIC}`, [pieces], { ...kmalloc, release: '6.12.0' })), /kvcalloc/);
    // Pages that were asked for as such are no array.
    assert.doesNotMatch(
      advised(explained(`order:4, ${KERNEL}`, [pieces], { trace: ['warn_alloc', '__alloc_pages', 'probe'] })),
      /kvcalloc/,
    );
  });

  test('with GFP_NOFS, where kvmalloc takes GFP_KERNEL only', () => {
    const nofs = (release: string): string => advised(explained('order:4, mode:0xc40(GFP_NOFS)', [pieces], { ...kmalloc, release }));
    assert.match(nofs('5.10.0'), /kvcalloc.* use memalloc_nofs_save\(\) around it instead of GFP_NOFS/);
    assert.doesNotMatch(nofs('6.12.0'), /memalloc_nofs_save/);
  });

  test('that cannot sleep: found, not made; in a system call perhaps it may', () => {
    const made = /Without sleeping, a block of this size can only be found, not made/;
    const syscall = /The trace comes from a system call: if no spinlock is held in probe\(\)/;
    const from = (...trace: readonly string[]): string =>
      advised(explained(`order:2, ${ATOMIC}`, [pieces], { trace: ['warn_alloc', '__kmalloc', 'probe', ...trace] }));
    assert.match(from('__x64_sys_ioctl', 'do_syscall_64'), syscall);
    assert.match(from('do_syscall_64'), made);
    assert.doesNotMatch(from('worker_thread'), syscall);
    assert.doesNotMatch(from('net_rx_action', '__do_softirq', 'do_syscall_64'), syscall);
    assert.match(from('net_rx_action', '__do_softirq'), made);
  });

  test('above order 3 the allocator makes one round only, and reports it', () => {
    const hard = /Above order 3 the allocator makes one round only: __GFP_RETRY_MAYFAIL/;
    const quiet = /If there is a fallback for the failure, add __GFP_NOWARN/;
    const of = (order: number, mode = KERNEL, trace: readonly string[] = []): string =>
      advised(explained(`order:${order}, ${mode}`, [pieces], { trace }));
    assert.match(of(4), hard);
    assert.match(of(4), quiet);
    assert.doesNotMatch(of(3), hard);
    assert.doesNotMatch(of(3), quiet);
    assert.doesNotMatch(of(4, ATOMIC), hard);
    assert.match(of(4, 'mode:0x10cc0(GFP_KERNEL|__GFP_NORETRY)'), /The mask asks to give up early \(__GFP_NORETRY\): __GFP_RETRY_MAYFAIL/);
    assert.doesNotMatch(of(4, 'mode:0x4cc0(GFP_KERNEL|__GFP_RETRY_MAYFAIL)'), hard);
    assert.doesNotMatch(of(4, 'mode:0x2cc0(GFP_KERNEL|__GFP_NOWARN)'), quiet);
    assert.doesNotMatch(of(4, KERNEL, ['probe', 'try_to_free_pages']), hard);
  });

  test('compaction, from 5.9 on by itself; the page cache where there is much of it', () => {
    const of = (release: string, pages = 0): string =>
      advised(
        explained(`order:4, ${KERNEL}`, [pieces], { release, counters: { active_file: pages, inactive_file: 0, slab_reclaimable: 0 } }),
      );
    assert.match(of('6.12.0'), /compact_memory.*\n.*vm\.compaction_proactiveness/);
    assert.match(of('5.9.0'), /compaction_proactiveness/);
    assert.doesNotMatch(of('5.8.0'), /compaction_proactiveness/);
    // 64 MB are 16,384 pages.
    assert.doesNotMatch(of('6.12.0', 16_384), /drop_caches/);
    assert.match(of('6.12.0', 16_385), /drop_caches/);
    assert.match(of('6.12.0', 25_600), /drop_caches before the request frees up to 100 MB/);
  });
});

describe('a request that the watermark refused', () => {
  const below: Zone = { ...pieces, free: 500, blocks: [[125, 'U']] };
  /** By the printed numbers it would pass now, at the low watermark. */
  const of = (request: string, machine?: Machine, zone: Zone = below): string => advised(explained(request, [zone], machine));

  test('of a single page in an interrupt is harmless', () => {
    const harmless = /A single atomic failure in an interrupt or softirq is usually harmless/;
    const trace = ['warn_alloc', '__alloc_skb', 'probe', '__do_softirq'];
    assert.match(of(`order:0, ${ATOMIC}`, { trace }), harmless);
    assert.doesNotMatch(of(`order:0, ${ATOMIC}`, { trace: trace.slice(0, 3) }), harmless);
    assert.doesNotMatch(of(`order:0, ${KERNEL}`, { trace }), harmless);
    assert.doesNotMatch(
      of(
        `order:1, ${ATOMIC}`,
        { trace },
        {
          ...below,
          blocks: [
            [5, 'U'],
            [60, 'U'],
          ],
        },
      ),
      harmless,
    );
  });

  test('with a mask that gives up early: up to order 3 it can be quiet', () => {
    const quiet = /__GFP_NORETRY makes this request give up early/;
    const large: Zone = {
      ...below,
      blocks: [
        [0, ''],
        [0, ''],
        [0, ''],
        [0, ''],
        [7, 'U'],
        [0, ''],
      ],
      free: 460,
    };
    const mode = 'mode:0x10cc0(GFP_KERNEL|__GFP_NORETRY)';
    assert.match(of(`order:0, ${mode}`), quiet);
    assert.match(of(`order:3, ${mode}`, undefined, large), quiet);
    assert.doesNotMatch(of(`order:4, ${mode}`, undefined, large), quiet);
    assert.doesNotMatch(of('order:0, mode:0x12cc0(GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY)'), quiet);
    assert.match(of('order:0, mode:0x80cc0(GFP_KERNEL|__GFP_NOMEMALLOC)'), /__GFP_NOMEMALLOC makes this request give up early/);
    assert.doesNotMatch(of(`order:0, ${KERNEL}`), /give up early/);
    // Compaction helps where a block above order 3 is made of pages.
    assert.match(of(`order:4, ${mode}`, undefined, large), /compact_memory/);
    assert.doesNotMatch(of(`order:3, ${mode}`, undefined, large), /compact_memory/);
  });

  test('without sleeping: more memory kept free, with the watermarks that come of it', () => {
    const zone: Zone = { ...below, min: 400, low: 500, high: 600, managed: 100_000 };
    assert.match(
      of(`order:0, ${ATOMIC}`, undefined, zone),
      /Raise vm\.min_free_kbytes: the watermarks sum to about 400 kB now; twice that sets Normal to min 800, low 1000, high 1200 kB \(now 400, 500, 600\)/,
    );
    // A log may end in the middle of a zone.
    const { high: _, ...cut } = zone;
    assert.match(of(`order:0, ${ATOMIC}`, undefined, cut), /low 1000, high 1200 kB\./);
    // A thousandth of the zone is more than half of min.
    assert.match(of(`order:0, ${ATOMIC}`, undefined, { ...zone, managed: 900_000 }), /min 800, low 1700, high 2600 kB/);
    // The scale factor came with 4.6; a temporary boost is no part of the setting.
    assert.match(of(`order:0, ${ATOMIC}`, { release: '4.5.0' }, { ...zone, managed: 900_000 }), /min 800, low 1000, high 1200 kB/);
    assert.match(
      of(`order:0, ${ATOMIC}`, undefined, { ...zone, boost: 100 }),
      /sum to about 300 kB now; twice that sets Normal to min 600, low 750/,
    );
    assert.match(of(`order:0, ${ATOMIC}`, undefined, zone), /watermark_scale_factor/);
    assert.doesNotMatch(of(`order:0, ${ATOMIC}`, { release: '4.5.0' }, zone), /watermark_scale_factor/);
    assert.doesNotMatch(of(`order:0, ${KERNEL}`, undefined, zone), /min_free_kbytes/);
    // What holds for a task that reclaims memory itself is none of this.
    assert.doesNotMatch(of(`order:0, ${ATOMIC}`, { trace: ['probe', 'try_to_free_pages'] }, zone), /min_free_kbytes|scale_factor/);
  });
});

describe('memory that is used up', () => {
  const machine = (counters: Machine['counters'], totals: readonly string[] = []): Machine => ({
    counters: { active_file: 0, inactive_file: 0, slab_reclaimable: 0, ...counters },
    totals: ['100000 pages RAM', ...totals],
  });
  const of = (counters: Machine['counters'], totals?: readonly string[]): string =>
    advised(explained(`order:0, ${KERNEL}`, [empty], machine({ active_anon: 0, inactive_anon: 0, ...counters }, totals)));

  test('by whom, from a tenth of the machine on', () => {
    assert.match(of({ active_anon: 5000, inactive_anon: 15_000 }), /Most is taken by anonymous memory of programs: 78 of 391 MB/);
    assert.match(of({ slab_unreclaimable: 20_000, active_anon: 19_999 }), /Most is taken by slab caches that cannot be reclaimed/);
    assert.match(of({ unevictable: 20_000 }), /Most is taken by unevictable memory/);
    assert.match(
      of({}, ['Node 0 hugepages_total=100 hugepages_free=3 hugepages_surp=0 hugepages_size=2048kB']),
      /Most is taken by huge pages: 200 of 391 MB/,
    );
    assert.doesNotMatch(of({ unevictable: 10_000 }), /Most is taken/);
    assert.match(of({ unevictable: 10_001 }), /Most is taken/);
    // A report that ends before the size of the machine.
    const cut = report(`order:0, ${KERNEL}`, [empty], { ...machine({ unevictable: 50_000 }), totals: [] });
    assert.doesNotMatch(advised(explainFailure(readLog(cut)[0]!)), /Most is taken/);
  });

  test('by programs, on a machine without swap', () => {
    const swap = /There is no swap/;
    assert.match(of({ active_anon: 20_000 }, ['Total swap = 0kB']), swap);
    assert.doesNotMatch(of({ active_anon: 20_000 }, ['Total swap = 8kB']), swap);
    assert.doesNotMatch(of({ unevictable: 20_000 }, ['Total swap = 0kB']), swap);
  });

  test('the largest task that the OOM killer saw', () => {
    const text = [
      'java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
      report(`order:0, ${KERNEL}`, [empty], machine({})).split('\n').slice(1).join('\n'),
      '[    511]     0   511    10000     25600    77824        0         -1000 builder',
      '',
    ].join('\n');
    assert.match(advised(explainFailure(readLog(text)[0]!)), /The largest task is builder \(pid 511\): 100 MB resident/);
  });
});

describe('free memory that only others may take', () => {
  const cma: Zone = {
    ...pieces,
    free: 20_000,
    cma: 19_000,
    blocks: [
      [100, 'U'],
      [0, ''],
      [0, ''],
      [0, ''],
      [300, 'C'],
    ],
  };

  test('CMA: how much of it, and who may use it', () => {
    const failure = explained(`order:4, ${KERNEL}`, [cma], { totals: ['16384 pages cma reserved'] });
    assert.equal(failure.verdict, 'cma-only');
    assert.match(advised(failure), /^operator: 19000 kB of 64 MB reserved lie free in CMA.*\ndeveloper: CMA blocks serve movable requests/);
    assert.match(advised(explained(`order:4, ${ATOMIC}`, [cma])), /^developer: CMA blocks serve.*\noperator: 19000 kB lie free in CMA/);
  });

  test('a zone above: whose limit it is', () => {
    const low: Zone = { ...empty, name: 'DMA32' };
    assert.match(
      advised(explained('order:0, mode:0xcc4(GFP_KERNEL|GFP_DMA32)', [low, pieces])),
      /developer: GFP_DMA32 limits the request to low addresses/,
    );
    const reserves = [0, 0, 0, 0];
    const high = explained(
      `order:0, ${KERNEL}`,
      [
        { ...empty, reserves },
        { ...pieces, name: 'HighMem', reserves },
      ],
      { totals: ['57344 pages HighMem'] },
    );
    assert.equal(high.verdict, 'zone-restricted');
    assert.match(advised(high), /operator: On a 32-bit kernel only low memory serves the kernel itself/);
  });
});

describe('a call that may sleep where it must not', () => {
  const of = (...lines: readonly string[]): string =>
    advised(explainFailure(readLog(`BUG: sleeping function called from invalid context at mm/slab.h:565\n${lines.join('\n')}\n`)[0]!));

  test('the allocation before the lock, or atomic; what does not allocate outside of the section', () => {
    const trace = ['Call Trace:', ' __might_resched+0x1/0x2', ' __kmalloc+0x1/0x2', ' probe+0x1/0x2'];
    assert.match(of(...trace), /Allocate before the lock is taken in probe\(\).*\n.*use GFP_ATOMIC .* in probe\(\)/);
    assert.doesNotMatch(of(...trace), /SRCU/);
    assert.match(of(' #0: ffffffff8c0c (rcu_read_lock){....}-{1:3}, at: walk+0x1/0x2', ...trace), /If only RCU forbids sleeping/);
    assert.match(of('Call Trace:', ' __might_resched+0x1/0x2', ' probe+0x1/0x2'), /Move probe\(\) out of the section/);
    assert.match(of('Call Trace:'), /Move the call out of the section/);
  });
});
