import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, readLog } from '../../server/src/log/index';
import { report, type Zone } from './madeUp';

const KERNEL = 'mode:0xcc0(GFP_KERNEL)';
const ATOMIC = 'mode:0x820(GFP_ATOMIC)';
const DMA = 'mode:0xcc1(GFP_KERNEL|GFP_DMA)';
const DMA32 = 'mode:0xcc4(GFP_KERNEL|GFP_DMA32)';
const HIGHUSER = 'mode:0x100cc2(GFP_HIGHUSER)';
const MOVABLE = 'mode:0x100cca(GFP_HIGHUSER_MOVABLE)';

const zone = (name: string, changes: Partial<Zone> = {}): Zone => ({
  name,
  free: 400,
  min: 400,
  low: 500,
  blocks: [[100, 'U']],
  ...changes,
});
const explained = (mode: string, zones: readonly Zone[], machine: Parameters<typeof report>[2] = {}) =>
  explainFailure(readLog(report(`order:0, ${mode}`, zones, machine))[0]!);

describe('which number of lowmem_reserve[] holds, where kernels are built with different zones', () => {
  /** In pages; 10 stands first. */
  const reserved = (mode: string, names: readonly string[], numbers: number, totals: readonly string[] = []): number | undefined => {
    const reserves = Array.from({ length: numbers }, (_, index) => 10 * (index + 1));
    const { zones } = explained(
      mode,
      names.map((name) => zone(name, { reserves })),
      { totals },
    );
    const { reserve } = zones.find((one) => one.zone === names[0])!;
    return reserve === undefined ? undefined : reserve / 4;
  };

  test('x86-64', () => {
    const all = ['DMA', 'DMA32', 'Normal'];
    for (const numbers of [4, 5])
      assert.deepEqual(
        [DMA, DMA32, KERNEL, HIGHUSER, MOVABLE].map((mode) => reserved(mode, all, numbers)),
        [10, 20, 30, 30, 40],
      );
    // Only one zone is in the log, and nothing says how much high memory there is.
    assert.deepEqual([reserved(KERNEL, ['Normal'], 4), reserved(KERNEL, ['Normal'], 4, ['0 pages HighMem/MovableOnly'])], [30, 30]);
    // On 64 bits this line counts what is movable only.
    assert.equal(reserved(KERNEL, all, 4, ['5000 pages HighMem/MovableOnly']), 30);
  });

  test('32-bit kernels with high memory', () => {
    const shown = ['DMA', 'Normal', 'HighMem'];
    assert.deepEqual(
      [DMA, KERNEL, HIGHUSER, MOVABLE].map((mode) => reserved(mode, shown, 4)),
      [10, 20, 30, 40],
    );
    assert.deepEqual(
      [KERNEL, HIGHUSER, MOVABLE].map((mode) => reserved(mode, ['Normal', 'HighMem'], 3)),
      [10, 20, 30],
    );
    // The mask excludes HighMem from the log, its size is still said.
    assert.deepEqual(
      [KERNEL, DMA].map((mode) => reserved(mode, ['DMA', 'Normal'], 4, ['57344 pages HighMem/MovableOnly'])),
      [20, 10],
    );
    assert.equal(reserved(KERNEL, ['Normal'], 3, ['57344 pages HighMem/MovableOnly']), 10);
  });

  test('kernels with two or three zones', () => {
    assert.deepEqual(
      [KERNEL, MOVABLE, DMA].map((mode) => reserved(mode, ['Normal'], 2)),
      [10, 20, 10],
    );
    assert.deepEqual(
      [KERNEL, DMA32, MOVABLE].map((mode) => reserved(mode, ['DMA32', 'Normal'], 3)),
      [20, 10, 30],
    );
    assert.deepEqual(
      [KERNEL, DMA, MOVABLE].map((mode) => reserved(mode, ['DMA', 'Normal'], 3)),
      [20, 10, 30],
    );
  });

  test('before 2.6.23 there was no zone for movable memory', () => {
    assert.deepEqual(
      [KERNEL, HIGHUSER].map((mode) => reserved(mode, ['DMA', 'Normal', 'HighMem'], 3)),
      [20, 30],
    );
  });

  test('more zones than any kernel known: whose number is whose is not guessed', () => {
    assert.equal(reserved(KERNEL, ['DMA', 'Normal'], 7), undefined);
    const { zones } = explained(KERNEL, [zone('DMA', { reserves: [1, 2, 3, 4, 5, 6, 7] })]);
    assert.equal(zones[0]?.reason, 'cannot be judged: the place of the zone in lowmem_reserve missing in the log');
  });
});

describe('what a zone cannot be judged without', () => {
  test('is named', () => {
    const reason = (lines: readonly string[], request = `order:0, ${KERNEL}`) =>
      explainFailure(readLog(`a: page allocation failure: ${request}, nodemask=(null)\nMem-Info:\n${lines.join('\n')}\n`)[0]!).zones[0]
        ?.reason;
    assert.equal(reason(['Node 0 Normal free:400kB min:300kB']), 'cannot be judged: lowmem_reserve missing in the log');
    assert.equal(reason(['Node 0 Normal free:400kB low:300kB', 'lowmem_reserve[]: 0 0']), 'cannot be judged: min missing in the log');
    assert.equal(reason(['Node 0 Normal: 1*4kB (U) 0*8kB = 4kB']), 'cannot be judged: free, min, lowmem_reserve missing in the log');
    assert.equal(
      reason(['Node 0 Normal free:400kB min:300kB', 'lowmem_reserve[]: 0 0'], 'order:0'),
      'cannot be judged: order or mode of the request missing in the log',
    );
    assert.match(
      reason(['Node 0 Normal free:400kB min:300kB', 'lowmem_reserve[]: 0 0']) ?? '',
      /^would pass by these numbers: free 400 kB > 300/,
    );
  });

  test('a report that ends before its mode', () => {
    const { mask, verdict, advice, missing } = explainFailure(readLog('a: page allocation failure: order:3\n')[0]!);
    assert.deepEqual([mask, verdict, advice], [undefined, 'unknown', []]);
    assert.ok(missing.includes('mode'));
  });

  test('pages of 64 kB: the smallest block is one', () => {
    const text = [
      'a: page allocation failure: order:1, mode:0xcc0(GFP_KERNEL), nodemask=(null)',
      'Mem-Info:',
      'Node 0 Normal free:640kB min:128kB',
      'lowmem_reserve[]: 2 3 5',
      'Node 0 DMA: empty',
      'Node 0 Normal: 10*64kB (U) 0*128kB = 640kB',
      '',
    ].join('\n');
    const { sizeKb, zones } = explainFailure(readLog(text)[0]!);
    assert.deepEqual([sizeKb, zones[0]?.reserve, zones[0]?.verdict], [128, 3 * 64, 'fragmentation']);
  });
});

describe('the nodes that a request may use', () => {
  const nodes = (mode: string, words: string, trace: readonly string[] = []): readonly (number | undefined)[] =>
    explained(
      mode,
      [0, 1, 2, 3, 4].map((node) => zone('Normal', { node })),
      { nodes: words, trace },
    )
      .zones.filter((one) => one.allowed)
      .map(({ node }) => node);

  test('by its policy and its cpuset', () => {
    assert.deepEqual(nodes(KERNEL, 'nodemask=(null),cpuset=/,mems_allowed=0-4'), [0, 1, 2, 3, 4]);
    assert.deepEqual(nodes(KERNEL, 'nodemask=(null),cpuset=/,mems_allowed=1'), [1]);
    assert.deepEqual(nodes(KERNEL, 'nodemask=(null),cpuset=/,mems_allowed=0,2-3'), [0, 2, 3]);
    assert.deepEqual(nodes(KERNEL, 'nodemask=2-4,cpuset=/,mems_allowed=0-3'), [2, 3]);
  });

  test('the cpuset does not bind atomic requests and interrupts', () => {
    assert.deepEqual(nodes(ATOMIC, 'nodemask=(null),cpuset=/,mems_allowed=1'), [0, 1, 2, 3, 4]);
    assert.deepEqual(nodes(ATOMIC, 'nodemask=1,cpuset=/,mems_allowed=2'), [1]);
    assert.deepEqual(
      nodes('mode:0x800(GFP_NOWAIT)', 'nodemask=(null),cpuset=/,mems_allowed=1', ['probe', '__do_softirq']),
      [0, 1, 2, 3, 4],
    );
    assert.deepEqual(nodes('mode:0x800(GFP_NOWAIT)', 'nodemask=(null),cpuset=/,mems_allowed=1', ['probe']), [1]);
  });

  test('node after node, in each from the highest zone down', () => {
    const { zones } = explained(MOVABLE, [
      zone('Normal', { node: 1 }),
      zone('DMA', { node: 0 }),
      zone('DMA32', { node: 0 }),
      zone('Normal', { node: 0 }),
      zone('Movable', { node: 1 }),
    ]);
    assert.deepEqual(
      zones.map(({ node, zone: name }) => `${node} ${name}`),
      ['1 Movable', '1 Normal', '0 Normal', '0 DMA32', '0 DMA'],
    );
  });
});

describe('the machine outside of a failure', () => {
  test('a memory report alone: the blocks of each zone', () => {
    const text = [
      'Mem-Info:',
      'Node 0 DMA free:4kB min:2kB low:3kB',
      'Node 0 Normal free:48kB min:2kB low:3kB',
      'Node 0 Movable free:0kB min:0kB low:0kB',
      'Node 0 Normal: 4*4kB (U) 0*8kB 2*16kB (M) 0*32kB = 48kB',
      'Node 0 Movable: 0*4kB 0*8kB 0*16kB 0*32kB = 0kB',
      '',
    ].join('\n');
    const { zones } = explainFailure(readLog(text)[0]!);
    assert.deepEqual(
      zones.map(({ zone: name, reason }) => `${name}: ${reason}`),
      [
        'Movable: no free block',
        'Normal: 48 kB free in blocks up to order 2 (16 kB), with pages of 4 kB',
        'DMA: its blocks are not in the text',
      ],
    );
  });
});
