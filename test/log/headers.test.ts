import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure } from '../../server/src/log/explain';
import { readLog } from '../../server/src/log/scanner';

/** Header lines of all releases. */
const HEADERS: readonly (readonly [line: string, process: string, order: number, mode: number])[] = [
  ['__alloc_pages: 0-order allocation failed (gfp=0x20/0)', '', 0, 0x20],
  ['swapper: page allocation failure. order:3, mode:0x4020', 'swapper', 3, 0x4020],
  ['swapper: page allocation failure: order:1, mode:0x20', 'swapper', 1, 0x20],
  ['a b: page allocation failure: order:2, mode:0x2084020(GFP_ATOMIC|__GFP_COMP)', 'a b', 2, 0x2084020],
  ['ip: page allocation failure: order:0, mode:0x1080120(GFP_ATOMIC|__GFP_COLD), nodemask=(null)', 'ip', 0, 0x1080120],
  [
    'kworker/0:1: page allocation failure: order:4, mode:0x40c40(GFP_NOFS|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0-1',
    'kworker/0:1',
    4,
    0x40c40,
  ],
  ['x: page allocation stalls for 10020ms, order:0, mode:0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null)', 'x', 0, 0x14200ca],
  ['java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0', 'java', 0, 0x201da],
  ['java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=-998', 'java', 0, 0x100cca],
];

describe('headers', () => {
  for (const [line, process, order, mode] of HEADERS) {
    test(line, () => {
      const [record] = readLog(`${line}\n`);
      assert.deepEqual(
        [record?.header.process?.value ?? '', record?.header.order?.value, record?.header.mode?.value],
        [process, order, mode],
      );
    });
  }

  test('an order that no kernel has is none', () => {
    const [record] = readLog('x: page allocation failure: order:999999, mode:0xcc0(GFP_KERNEL), nodemask=(null)\n');
    assert.deepEqual([record?.header.order, record?.header.mode?.value], [undefined, 0xcc0]);
  });

  test('the allowed nodes', () => {
    const { header } = readLog(
      'x: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask=0-1,cpuset=a/b,mems_allowed=0,4\n',
    )[0]!;
    assert.deepEqual([header.nodemask?.value, header.cpuset?.value, header.memsAllowed?.value], ['0-1', 'a/b', '0,4']);
  });

  const VMALLOC: readonly (readonly [line: string, bytes: number, allocated: number | undefined, verdict: string])[] = [
    ['vmap allocation for size 16781312 failed: use vmalloc=<size> to increase size', 16781312, undefined, 'vmalloc-space'],
    ['insmod: vmalloc: allocation failure: 1073741824 bytes', 1073741824, undefined, 'vmalloc-space'],
    ['insmod: vmalloc: allocation failure, allocated 4096 of 8192 bytes', 8192, 4096, 'unknown'],
    [
      'insmod: vmalloc error: size 1073741824, exceeds total pages, mode:0xcc2(GFP_KERNEL|__GFP_HIGHMEM), nodemask=(null)',
      1073741824,
      undefined,
      'vmalloc-space',
    ],
    [
      'insmod: vmalloc error: size 4096, page order 0, failed to allocate pages, mode:0xcc2(GFP_KERNEL|__GFP_HIGHMEM), nodemask=(null)',
      4096,
      undefined,
      'unknown',
    ],
  ];
  for (const [line, bytes, allocated, verdict] of VMALLOC) {
    test(line, () => {
      const [record] = readLog(`${line}\n`);
      assert.deepEqual([record?.kind, record?.header.bytes?.value, record?.header.allocatedBytes?.value], ['vmalloc', bytes, allocated]);
      assert.equal(explainFailure(record!).verdict, verdict);
    });
  }

  test("SLUB's block, alone and before the report of the page allocator", () => {
    const block = [
      'SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)',
      '  cache: skbuff_small_head, object size: 416, buffer size: 480, default order: 1, min order: 0',
      '  node 0: slabs: 9, objs: 153, free: 0',
    ].join('\n');
    const [alone] = readLog(`${block}\n`);
    assert.deepEqual([alone?.kind, alone?.slab?.cache?.value, alone?.slab?.defaultOrder?.value], ['slab', 'skbuff_small_head', 1]);
    const both = readLog(`${block}\nx: page allocation failure: order:1, mode:0x820(GFP_ATOMIC)\n`);
    assert.deepEqual(
      [both.length, both[0]?.kind, both[0]?.slab?.cache?.value, both[0]?.header.order?.value],
      [1, 'page', 'skbuff_small_head', 1],
    );
  });

  test('a mask of a kernel before 4.4 is read by its numbers', () => {
    const text = 'x: page allocation failure: order:4, mode:0x20\nPid: 1, comm: x Not tainted 2.6.32-5-amd64 #1\n';
    const { mask, kernel } = explainFailure(readLog(text)[0]!);
    assert.deepEqual([kernel, mask?.mayBlock, mask?.reserveFloor], ['2.6.32-5-amd64', false, 0.375]);
    const wait = explainFailure(readLog('x: page allocation failure: order:4, mode:0xd0\n')[0]!);
    assert.deepEqual([wait.mask?.mayBlock, wait.mask?.mayFS, wait.maskText], [true, true, 'GFP_KERNEL']);
  });
});

describe('other kernels', () => {
  test('a request that waits has not failed', () => {
    const [record] = readLog('DOM Worker: page allocation stalls for 10646ms, order:0, mode:0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)\n');
    assert.deepEqual([record?.header.process?.value, record?.header.stalledMs?.value], ['DOM Worker', 10_646]);
    assert.match(explainFailure(record!).summary, /It has been waiting for 11 s because/);
  });

  test('functions of ppc64 with a dot', () => {
    const text = [
      'gcc: page allocation failure: order:4, mode:0x16040c0(GFP_KERNEL|__GFP_COMP|__GFP_NOTRACK), nodemask=(null)',
      'Call Trace:',
      '[c00000000090b5c0] [c0000000004f8478] .dump_stack+0xa0/0xcc (unreliable)',
      '[c00000000090b650] [c0000000000eb194] .warn_alloc+0xf0/0x178',
      '[c00000000090b8b0] [c00000000013921c] .new_slab+0x234/0x608',
      '[c00000000090b980] [c00000000013b59c] .pgtable_sample+0x3dc/0x564',
      '',
    ].join('\n');
    assert.equal(explainFailure(readLog(text)[0]!).site?.function, 'pgtable_sample');
  });
});

describe('the oldest kernels', () => {
  test('the OOM killer without a process, zones without memory, klogd and a trace it resolved', () => {
    const text = [
      'Jul  6 17:32:02 p6 kernel: oom-killer: gfp_mask=0xd1',
      'Jul  6 17:32:02 p6 kernel:  [copy_strings+392/512] copy_strings+0x188/0x200',
      'Jul  6 17:32:02 p6 kernel:  [sys_execve+66/128] ',
      'sys_execve+0x42/0x80',
      'Jul  6 17:32:02 p6 kernel: Mem-info:',
      'Jul  6 17:32:02 p6 kernel: Node 0 DMA free:20kB min:24kB low:28kB high:36kB active:0kB present:16384kB pages_scanned:1 all_unreclaimable? yes',
      'Jul  6 17:32:06 p6 kernel: protections[]: 0 7152 7152',
      'Jul  6 17:32:13 p6 kernel: Node 0 HighMem free:0kB min:128kB low:160kB high:192kB active:0kB present:0kB pages_scanned:0 all_unreclaimable? no',
      'Jul  6 17:32:13 p6 kernel: lowmem_reserve[]: 0 0 0 ',
      'Jul  6 17:32:13 p6 kernel: Node 0 DMA: 1*4kB 0*8kB 1*16kB 0*32kB = 20kB',
      'Jul  6 17:32:13 p6 kernel: Node 0 HighMem: empty',
      '',
    ].join('\n');
    const [record, ...others] = readLog(text);
    assert.deepEqual(others, []);
    assert.deepEqual([record?.kind, record?.header.process, record?.header.mode?.value], ['oom', undefined, 0xd1]);
    assert.deepEqual(
      record?.trace.map(({ name }) => name),
      ['copy_strings', 'sys_execve'],
    );
    assert.deepEqual(
      record?.memory?.zones.map((zone) => [zone.name, zone.fields.get('free')?.value, zone.lowmemReserve?.value]),
      [
        ['DMA', 20, [0, 7152, 7152]],
        ['HighMem', 0, [0, 0, 0]],
      ],
    );
    const { zones } = explainFailure(record!);
    assert.deepEqual(
      zones.map(({ zone, allowed, reason }) => [zone, allowed, reason.slice(0, 24)]),
      [
        ['HighMem', false, 'the zone has no memory'],
        ['DMA', true, 'cannot be judged: order '],
      ],
    );
  });

  test('the subject of a mail is no failure', () => {
    assert.deepEqual(readLog('Subject: Re: kswapd0: page allocation failure: order:0, mode:0x820(GFP_ATOMIC),\n nodemask=(null)\n'), []);
  });
});
