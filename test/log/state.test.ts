import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { explainFailure, explainRecords, type FailureRecord, readLog } from '../../server/src/log/index';

const BUDDYINFO = [
  'Node 0, zone      DMA      0      0      0      0      0      0      0      0      1      1      2 ',
  'Node 0, zone   Normal   9000    220     80     10      1      1      2     11      3      0      0 ',
];
const PAGETYPES = [
  'Page block order: 9',
  'Pages per block:  512',
  '',
  'Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 ',
  'Node    0, zone   Normal, type    Unmovable   4000    100     40      4      0      0      0      0      0      0      0 ',
  'Node    0, zone   Normal, type      Movable > 5000    120     40      6      1      1      0      0      0      0      0 ',
  'Node    0, zone   Normal, type          CMA      0      0      0      0      0      0      2     11      3      0      0 ',
  '',
  'Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate ',
  'Node 0, zone   Normal          142         7563          295            0            0            0 ',
];
const zoneinfo = (free: number, min: number): string[] => [
  'Node 0, zone   Normal',
  '  per-node stats',
  '      nr_inactive_anon 250824',
  `  pages free     ${free}`,
  '        boost    0',
  `        min      ${min}`,
  `        low      ${min + 500}`,
  `        high     ${min + 1000}`,
  '        spanned  300000',
  '        present  300000',
  '        managed  290000',
  '        protection: (0, 0, 0, 0)',
  `      nr_free_pages ${free}`,
  '      nr_free_cma  2304',
  '  pagesets',
  '    cpu: 0',
  '              count: 100',
  '              high:  200',
  '  vm stats threshold: 32',
  '  node_unreclaimable:  0',
  '  start_pfn:           1048576',
];
const lines = (...parts: readonly (readonly string[])[]): string => `${parts.flat().join('\n')}\n`;
const only = (text: string): FailureRecord => {
  const records = readLog(text);
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ['state'],
  );
  return records[0]!;
};

describe('the state of a machine', () => {
  test('/proc/buddyinfo alone: up to which order it serves requests, by the blocks', () => {
    const { zones, summary } = explainFailure(only(lines(BUDDYINFO)));
    assert.deepEqual(
      zones.map((zone) => [zone.zone, zone.buddy[0]?.count, zone.buddy.length]),
      [
        ['Normal', 9000, 11],
        ['DMA', 0, 11],
      ],
    );
    assert.match(summary, /GFP_KERNEL up to order 10 \(4 MB\).*By the blocks alone/);
  });

  test('with lists and watermarks: CMA blocks are for movable requests only', () => {
    const { summary } = explainFailure(only(lines(BUDDYINFO.slice(1), PAGETYPES, zoneinfo(14_000, 1000))));
    assert.match(
      summary,
      /GFP_KERNEL up to order 5 \(128 kB\), GFP_ATOMIC up to order 5 \(128 kB\), GFP_HIGHUSER_MOVABLE up to order 8 \(1 MB\)\./,
    );
    assert.doesNotMatch(summary, /blocks alone/);
  });

  test('a zone at its watermark serves atomic requests only', () => {
    const { summary } = explainFailure(only(lines(BUDDYINFO.slice(1), PAGETYPES, zoneinfo(4000, 2000))));
    assert.match(summary, /GFP_KERNEL nothing, GFP_ATOMIC up to order 5/);
  });

  test('pages of 64 kB, seen from meminfo', () => {
    const meminfo = ['MemTotal:       17000000 kB', 'MemFree:          896000 kB', 'HugePages_Total:       0'];
    const record = only(lines(BUDDYINFO.slice(1), zoneinfo(14_000, 1000), meminfo));
    assert.equal(record.state?.pageKb, 64);
    assert.equal(record.memory?.zones[0]?.fields.get('free')?.value, 896_000);
    assert.equal(record.memory?.zones[0]?.buddy?.cells[3]?.blockKb, 512);
  });

  test('settings in all the ways people print them', () => {
    const text = lines(
      ['vm.min_free_kbytes = 67584', '/proc/sys/vm/watermark_scale_factor:10', '==> /proc/sys/vm/overcommit_memory <==', '2', ''],
      ['$ cat /proc/sys/vm/panic_on_oom', '1', 'vm.lowmem_reserve_ratio = 256\t256\t32\t0\t0'],
    );
    assert.deepEqual(
      [...(only(text).state?.sysctl ?? [])],
      [
        ['min_free_kbytes', 67584],
        ['watermark_scale_factor', 10],
        ['overcommit_memory', 2],
        ['panic_on_oom', 1],
        ['lowmem_reserve_ratio', 256],
      ],
    );
  });

  test('slab caches by their memory', () => {
    const text = lines([
      'slabinfo - version: 2.1',
      '# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>',
      'dentry            400000 400000    192   21    1 : tunables    0    0    0 : slabdata  20000  20000      0',
      'ext4_inode_cache  100000 100000   1192   27    8 : tunables    0    0    0 : slabdata   4000   4000      0',
    ]);
    assert.deepEqual(only(text).state?.slabs, [
      { name: 'ext4_inode_cache', kb: 128_000 },
      { name: 'dentry', kb: 80_000 },
    ]);
  });

  test('the ten largest of many slab caches', () => {
    const slab = (index: number): string => `cache${index} 1 1 192 21 1 : tunables    0    0    0 : slabdata  ${index}  ${index}      0`;
    // The largest come first, in the middle and last.
    for (const order of [1, -1, 7]) {
      const indices = Array.from({ length: 50 }, (_, index) => 1 + ((((index * order) % 50) + 50) % 50));
      const found = only(lines(['# name            <active_objs> <num_objs>', ...indices.map(slab)])).state?.slabs;
      assert.deepEqual(
        found?.map(({ name, kb }) => `${name} ${kb}`),
        Array.from({ length: 10 }, (_, index) => `cache${50 - index} ${4 * (50 - index)}`),
      );
    }
  });

  test('pages of 8 and 16 kB, seen from what is free in kB and in pages', () => {
    const of = (kb: number, pages: number): number | undefined =>
      only(lines(['MemTotal:       17000000 kB', `MemFree:          ${kb} kB`], [`nr_free_pages ${pages}`])).state?.pageKb;
    assert.deepEqual([of(4000, 1000), of(8000, 1000), of(16_000, 1000), of(64_000, 1000)], [4, 8, 16, 64]);
    // Read one after the other they differ a little; anything else says nothing.
    assert.deepEqual([of(17_000, 1000), of(15_000, 1000), of(12_000, 1000), of(0, 0)], [16, 16, 4, 4]);
    assert.equal(only(lines(['MemTotal:       17000000 kB', 'MemFree:          64000 kB'])).state?.pageKb, 4);
    assert.equal(only(lines(['nr_free_pages 1000'])).state?.pageKb, 4);
  });

  test('of a number that comes twice the first counts; of a zone as well', () => {
    const twice = only(
      lines(
        BUDDYINFO.slice(1),
        ['Node 0, zone   Normal      1      1      1      1      1      1      1      1      1      1      1'],
        zoneinfo(14_000, 1000),
        zoneinfo(1, 1),
        ['vm.min_free_kbytes = 1', 'vm.min_free_kbytes = 2', 'MemTotal: 8 kB', 'MemTotal: 9 kB', 'nr_free_pages 3', 'nr_free_pages 4'],
      ),
    );
    const [zone] = twice.memory!.zones;
    assert.deepEqual(
      [zone?.buddy?.cells[0]?.count, zone?.fields.get('free')?.value, zone?.lowmemReserve?.value],
      [9000, 56_000, [0, 0, 0, 0]],
    );
    const { sysctl, meminfo, vmstat } = twice.state!;
    assert.deepEqual([sysctl.get('min_free_kbytes'), meminfo.get('MemTotal'), vmstat.get('nr_free_pages')], [1, 8, 3]);
  });

  test('each zone has its own blocks, lists and numbers', () => {
    const typed = (zone: string, type: string, count: number): string =>
      `Node    0, zone   ${zone}, type    ${type}   ${count}    0     0      0      0      0      0      0      0      0      0 `;
    const { zones } = explainFailure(
      only(
        lines([
          typed('DMA32', 'Unmovable', 3),
          typed('DMA32', 'HighAtomic', 4),
          typed('Normal', 'Movable', 5),
          typed('Normal', 'Nonsense', 6),
        ]),
      ),
    );
    assert.deepEqual(
      zones.map((zone) => [zone.zone, zone.buddy[0]?.count, zone.buddy[0]?.types, zone.buddy[1]?.count, zone.buddy[1]?.types]),
      [
        ['Normal', 5, 'M', 0, null],
        ['DMA32', 7, 'UH', 0, null],
      ],
    );
  });

  test('lines between files are not read; a blank one does not end a file', () => {
    const meminfo = (between: string): readonly string[] => [
      ...(only(lines(['MemTotal:       17000000 kB', between, 'MemFree:          896000 kB'])).state?.meminfo.keys() ?? []),
    ];
    assert.deepEqual(meminfo(''), ['MemTotal', 'MemFree']);
    assert.deepEqual(meminfo('$ free'), ['MemTotal']);
    // The value of a setting stands on the line behind its name, and nowhere else.
    const settings = (...between: readonly string[]): readonly (readonly [string, number])[] => [
      ...(only(lines(['$ cat /proc/sys/vm/swappiness', ...between])).state?.sysctl ?? []),
    ];
    assert.deepEqual(settings('60'), [['swappiness', 60]]);
    assert.deepEqual(settings('cat: no such file', '60'), []);
  });

  test('where the files begin and end', () => {
    const { line, endLine } = only(lines(['some text', ''], BUDDYINFO, ['', '$ free']));
    assert.deepEqual([line, endLine], [3, 4]);
  });

  test('a machine without a large block: what it serves at once, and what has to wait', () => {
    const blocks = (...counts: readonly number[]): string =>
      `Node 0, zone   Normal ${Array.from({ length: 11 }, (_, order) => `${counts[order] ?? 0}`.padStart(6)).join(' ')}`;
    const summary = (line: string): string => explainFailure(only(lines([line]))).summary;
    assert.equal(
      summary(blocks(5, 3)),
      'At once this machine serves now: GFP_KERNEL up to order 1 (8 kB), GFP_ATOMIC up to order 1 (8 kB), GFP_HIGHUSER_MOVABLE up to order 1 (8 kB). Above that, a request has to reclaim or compact first, and fails at once when it may not sleep. By the blocks alone: the watermarks are in /proc/zoneinfo.',
    );
    assert.match(summary(blocks(5)), /GFP_KERNEL up to order 0 \(4 kB\)/);
    assert.match(summary(blocks()), /GFP_KERNEL nothing, GFP_ATOMIC nothing/);
    assert.doesNotMatch(summary(blocks(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)), /Above that/);
  });

  test('a number at a cut end is left out', () => {
    const text = lines(BUDDYINFO, ['vm.min_free_kbytes = 675']).trimEnd();
    assert.deepEqual([...(only(text).state?.sysctl ?? [])], []);
  });

  test('beside a failure: what the files say about it, and whether it would fail again', () => {
    const failure = readFileSync(join(__dirname, 'page-5.15.0-order6-veth.log'), 'utf8');
    const vmstat = ['nr_free_pages 14000', 'compact_stall 50', 'compact_fail 40', 'compact_success 10'];
    const files = lines(BUDDYINFO.slice(1), PAGETYPES, zoneinfo(14_000, 1000), vmstat, ['vm.min_free_kbytes = 67584']);
    const [page, state] = explainRecords(readLog(`${failure}\n${files}`));
    assert.deepEqual(page?.beside, [
      'By the free blocks beside the log the request would not be served at once either.',
      '40 of 50 compactions that tasks waited for since the start failed (vmstat).',
      'Settings: vm.min_free_kbytes = 67584.',
    ]);
    assert.equal(page?.verdict, 'fragmentation');
    assert.match(state?.beside[0] ?? '', /^The request of line 3 \(order 6, GFP_KERNEL.*would not be served at once now\.$/);
  });

  test('beside an OOM kill: what programs have reserved, and the largest caches', () => {
    const oom = readFileSync(join(__dirname, 'oom-6.6.32-order2-test-samba-blfl.log'), 'utf8');
    const slab = (name: string, slabs: number): string => `${name} 400000 400000 192 21 1 : tunables 0 0 0 : slabdata ${slabs} ${slabs} 0`;
    const beside = (...files: readonly (readonly string[])[]) => explainRecords(readLog(`${oom}\n${lines(...files)}`))[0]?.beside ?? [];
    const meminfo = [
      'MemTotal:       4096000 kB',
      'MemFree:          96000 kB',
      'SwapTotal:      1024000 kB',
      'Committed_AS:    9216000 kB',
    ];
    assert.deepEqual(beside(meminfo, ['vm.overcommit_memory = 1']).slice(0, 2), [
      'vm.overcommit_memory = 1 lets every reservation succeed, so programs learn of the shortage from the OOM killer; 0 (the default) refuses absurd ones, 2 all beyond a limit.',
      'Programs have reserved 9000 MB of address space; memory and swap have 5000 MB (meminfo).',
    ]);
    // Without either of the two there is nothing to compare.
    for (const file of [meminfo.slice(0, 3), meminfo.slice(1)]) assert.doesNotMatch(beside(file).join(' '), /have reserved/);
    assert.match(beside([...meminfo.slice(0, 2), 'Committed_AS: 1024 kB']).join(' '), /reserved 1 MB of/);
    assert.match(beside([...meminfo.slice(0, 2), 'Committed_AS: 1500 kB']).join(' '), /reserved 1 MB of/);
    // Without swap; the usual setting needs no word.
    assert.deepEqual(beside(meminfo.slice(0, 2), ['Committed_AS:       1000 kB', 'vm.overcommit_memory = 0']), [
      'Programs have reserved 1000 kB of address space; memory and swap have 4000 MB (meminfo).',
      'Settings: vm.overcommit_memory = 0.',
    ]);
    // Of half a dozen caches the three largest, and of them those that take a fiftieth of the memory: 81,920 kB.
    const caches = [
      'slabinfo - version: 2.1',
      slab('a', 20_480),
      slab('b', 20_481),
      slab('c', 30_000),
      slab('d', 40_000),
      slab('e', 50_000),
    ];
    const largest = (...files: readonly (readonly string[])[]) => beside(...files).find((line) => line.startsWith('The largest'));
    assert.equal(largest(meminfo.slice(0, 2), caches), 'The largest slab caches: e 195 MB, d 156 MB, c 117 MB (slabinfo).');
    assert.equal(largest(meminfo.slice(0, 2), caches.slice(0, 3)), 'The largest slab caches: b 80 MB (slabinfo).');
    // Without the size of the memory: 100 MB.
    assert.equal(largest([...caches.slice(0, 1), slab('f', 25_600), slab('g', 25_601)]), 'The largest slab caches: g 100 MB (slabinfo).');
  });

  test('what compactions and settings say of a request for a block, and what of a single page', () => {
    const header = (order: number): string => `a: page allocation failure: order:${order}, mode:0xcc0(GFP_KERNEL), nodemask=(null)`;
    const files = (stalls: number, failed: number): string =>
      lines(
        ['nr_free_pages 14000', `compact_stall ${stalls}`, `compact_fail ${failed}`],
        ['vm.extfrag_threshold = 500', 'vm.compaction_proactiveness = 20', 'vm.swappiness = 60'],
      );
    const beside = (order: number, stalls: number, failed: number) =>
      explainRecords(readLog(`${header(order)}\n${files(stalls, failed)}`))[0]?.beside;
    const settings = 'Settings: vm.compaction_proactiveness = 20, vm.extfrag_threshold = 500.';
    assert.deepEqual(beside(1, 1, 1), ['1 of 1 compactions that tasks waited for since the start failed (vmstat).', settings]);
    assert.deepEqual(beside(1, 0, 0), [settings]);
    assert.deepEqual(beside(0, 50, 40), []);
  });

  test('by the free blocks beside the log a request would be served now', () => {
    const failure = readFileSync(join(__dirname, 'page-5.15.0-order6-veth.log'), 'utf8');
    const [page, state] = explainRecords(readLog(`${failure}\n${lines(BUDDYINFO)}`));
    assert.match(
      page?.beside[0] ?? '',
      /^By the free blocks beside the log the request would be served now, from Normal of node 0: the shortage has passed\.$/,
    );
    assert.match(state?.beside[0] ?? '', /would be served now, from Normal of node 0\.$/);
    assert.deepEqual([state?.kernel, state?.kernelFrom], ['5.15.0', 'log']);
  });

  test('a request that failed twice is held against the state once', () => {
    const failure = readFileSync(join(__dirname, 'page-5.15.0-order6-veth.log'), 'utf8');
    const other = failure.replaceAll('order:6', 'order:5');
    const state = explainRecords(readLog(`${failure}\n${failure}\n${other}\n${lines(BUDDYINFO)}`)).at(-1);
    assert.deepEqual(
      state?.beside.map((line) => /order \d/.exec(line)?.[0]),
      ['order 6', 'order 5'],
    );
  });

  test('/proc/pagetypeinfo alone: the blocks of all lists together', () => {
    const { zones } = explainFailure(only(lines(PAGETYPES)));
    assert.deepEqual(
      zones.map((zone) => zone.buddy.map(({ count, types }) => `${count}${types ?? ''}`).slice(0, 9)),
      [['9000UM', '220UM', '80UM', '10UM', '1M', '1M', '2C', '11C', '3C']],
    );
  });

  test('a kernel log is no state', () => {
    const text = 'kvm: x\n[ 1.0] free 123\n[ 1.0] MemTotalX: 1\nmemory: usage 100kB\n';
    assert.deepEqual(readLog(text), []);
  });
});
