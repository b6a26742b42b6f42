import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContextWord, MaskExplanation } from '../../../server/src/kernel/index';
import { configOf, explainMask, loadModel, parseRelease, sampledReleases, summarise } from '../../../server/src/kernel/index';
import { maskOfNames } from '../../../server/src/mask/index';
import { maskPage, PLAIN } from '../../../server/src/report/maskPage';

interface Question {
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
  readonly config?: Readonly<Record<string, boolean>>;
}

function explain(release: string, names: string, question: Question = {}): MaskExplanation {
  const { config, ...query } = question;
  const model = loadModel({ release: parseRelease(release)!, ...(config === undefined ? {} : { config: configOf(config) }) });
  return explainMask(model, { input: names, bits: maskOfNames(model, names.split('|')).set, ...query });
}

test('zones', () => {
  const zone = (names: string, config?: Question['config']) => {
    const { zone: name, zoneLegal } = explain('6.12', names, config === undefined ? {} : { config });
    return zoneLegal ? name : `${name}!`;
  };
  const names = [
    'GFP_KERNEL',
    'GFP_DMA',
    '__GFP_HIGHMEM',
    'GFP_DMA32',
    '__GFP_MOVABLE',
    '__GFP_MOVABLE|__GFP_DMA',
    '__GFP_MOVABLE|__GFP_HIGHMEM',
    '__GFP_DMA|__GFP_DMA32',
  ];
  assert.deepEqual(
    names.map((name) => zone(name)),
    ['Normal', 'DMA', 'Normal', 'DMA32', 'Normal', 'DMA', 'Movable', 'DMA!'],
  );
  const highmem = { CONFIG_ZONE_DMA: true, CONFIG_HIGHMEM: true };
  assert.deepEqual(
    names.map((name) => zone(name, highmem)),
    ['Normal', 'DMA', 'HighMem', 'Normal', 'Normal', 'DMA', 'Movable', 'DMA!'],
  );
  assert.deepEqual(
    names.map((name) => zone(name, {})),
    ['Normal', 'Normal', 'Normal', 'Normal', 'Normal', 'Normal', 'Movable', 'Normal!'],
  );
});

test('how deep a request may go into the reserve, before and after the change of 6.3', () => {
  const floors = (release: string) =>
    [
      explain(release, 'GFP_KERNEL'),
      explain(release, 'GFP_NOWAIT'),
      explain(release, 'GFP_KERNEL|__GFP_HIGH'),
      explain(release, 'GFP_ATOMIC'),
      explain(release, 'GFP_ATOMIC|__GFP_NOMEMALLOC'),
      explain(release, 'GFP_NOWAIT|__GFP_HIGH'),
      explain(release, 'GFP_KERNEL', { context: ['rt'] }),
      explain(release, 'GFP_KERNEL|__GFP_MEMALLOC'),
      explain(release, 'GFP_KERNEL', { context: ['memalloc'] }),
      explain(release, 'GFP_ATOMIC', { context: ['memalloc', 'hardirq'] }),
    ].map((explanation) => explanation.reserveFloor);
  const before = [1, 1, 0.5, 0.375, 0.5, 0.5, 0.75, 0, 0, 0.375];
  const after = [1, 1, 0.5, 0.375, 0.5, 0.375, 0.5, 0, 0, 0.375];
  for (const release of ['4.4', '5.10', '6.0', '6.1.38', '6.2']) assert.deepEqual(floors(release), before, release);
  for (const release of ['6.1.129', '6.1', '6.3', '6.12', '7.3']) assert.deepEqual(floors(release), after, release);
});

test('high-atomic blocks', () => {
  const may = (release: string, names: string, order: number) => explain(release, names, { order }).highatomic;
  for (const release of ['4.4', '6.1.38', '6.6', '6.12', '7.3'])
    assert.deepEqual(
      [may(release, 'GFP_ATOMIC', 2), may(release, 'GFP_ATOMIC', 0), may(release, 'GFP_KERNEL', 2)],
      [true, false, false],
      release,
    );
  assert.deepEqual(
    ['6.1.38', '6.1.129', '6.1.158', '6.6', '6.12.0', '6.12.117', '6.17', '6.18'].map((release) => may(release, 'GFP_NOWAIT', 2)),
    [false, true, false, true, true, false, true, false],
  );
});

test('scopes', () => {
  const { effective } = explain('6.12', 'GFP_HIGHUSER_MOVABLE');
  assert.deepEqual(effective, { nofs: '0x100c4a', noio: '0x100c0a', pin: '0x100cc2' });
  assert.equal(explain('4.9', 'GFP_KERNEL').effective.nofs, explain('4.9', 'GFP_KERNEL').hex);
  const nofs = explain('6.12', 'GFP_KERNEL', { context: ['nofs'] });
  assert.deepEqual([nofs.mayIO, nofs.mayFS, nofs.oomKiller, nofs.canonical], [true, false, false, 'GFP_KERNEL']);
  const pin = explain('6.12', 'GFP_HIGHUSER_MOVABLE', { context: ['pin'] });
  assert.deepEqual([pin.zone, pin.migratetype], ['Movable', 'Movable']);
  assert.deepEqual([pin.inContext?.zone, pin.inContext?.migratetype, pin.cma], ['Normal', 'Unmovable', false]);
});

test('the OOM killer', () => {
  const kills = (release: string, names: string, question?: Question) => explain(release, names, question).oomKiller;
  assert.equal(kills('6.12', 'GFP_KERNEL'), true);
  for (const names of [
    'GFP_NOFS',
    'GFP_NOIO',
    'GFP_ATOMIC',
    'GFP_KERNEL|__GFP_NORETRY',
    'GFP_KERNEL|__GFP_RETRY_MAYFAIL',
    'GFP_KERNEL|__GFP_THISNODE',
    'GFP_KERNEL|__GFP_DMA',
  ]) {
    assert.equal(kills('6.12', names), false, names);
  }
  assert.deepEqual([kills('6.12', 'GFP_KERNEL', { order: 3 }), kills('6.12', 'GFP_KERNEL', { order: 4 })], [true, false]);
  assert.deepEqual(
    ['4.9', '4.12', '4.14'].map((release) => kills(release, 'GFP_NOFS|__GFP_NOFAIL')),
    [true, true, false],
  );
});

test('failure', () => {
  const fails = (names: string, question?: Question) => explain('6.12', names, question).canFail;
  assert.deepEqual(
    [
      fails('GFP_KERNEL|__GFP_NOFAIL'),
      fails('GFP_ATOMIC|__GFP_NOFAIL'),
      fails('GFP_KERNEL|__GFP_NOFAIL', { order: 11 }),
      fails('GFP_KERNEL'),
    ],
    [false, true, true, true],
  );
  assert.match(explain('6.12', 'GFP_KERNEL').failure, /practically never/);
  assert.match(explain('6.12', 'GFP_KERNEL', { order: 5 }).failure, /after one round/);
  assert.match(explain('6.12', 'GFP_ATOMIC').failure, /37\.5 %/);
});

test('the path has the steps the mask allows, and ends', () => {
  const steps = (names: string, question?: Question) => explain('6.12', names, question).path!.map((step) => step.step);
  assert.deepEqual(steps('GFP_KERNEL', { order: 11 }), ['order check']);
  assert.deepEqual(steps('GFP_ATOMIC'), ['fast path', 'kswapd', 'retry with reserves', 'last resort', 'direct reclaim', 'failure']);
  assert.ok(steps('GFP_KERNEL').includes('OOM killer'));
  assert.ok(!steps('GFP_KERNEL|__GFP_NORETRY').includes('OOM killer'));
  assert.equal(steps('GFP_KERNEL|__GFP_NOFAIL').at(-1), 'no failure');
  assert.equal(steps('GFP_KERNEL', { order: 9 })[3], 'first compaction');
  const noio = explain('6.12', 'GFP_NOIO', { order: 2 }).path!.find((step) => step.step === 'compaction');
  assert.match(noio?.why ?? '', /__GFP_IO/);
});

test('kmalloc', () => {
  const place = (size: number, names = 'GFP_KERNEL', release = '6.12', config?: Question['config']) =>
    explain(release, names, { size, ...(config === undefined ? {} : { config }) }).kmalloc;
  assert.deepEqual(
    [1, 8, 9, 65, 96, 97, 129, 192, 193, 8192].map((size) => place(size)?.bucket),
    [8, 8, 16, 96, 96, 128, 192, 192, 256, 8192],
  );
  assert.deepEqual(
    [place(8193)?.order, place(16384)?.order, place(16385)?.order, place(4 << 20)?.order, place((4 << 20) + 1)?.order],
    [2, 2, 3, 10, null],
  );
  assert.deepEqual(
    [
      place(5000)?.cache,
      place(5000, 'GFP_KERNEL_ACCOUNT')?.cache,
      place(64, 'GFP_KERNEL|__GFP_RECLAIMABLE')?.cache,
      place(64, 'GFP_KERNEL|GFP_DMA')?.cache,
      place(5000, 'GFP_KERNEL', '4.9')?.cache,
    ],
    ['kmalloc-8k', 'kmalloc-cg-8k', 'kmalloc-rcl-64', 'dma-kmalloc-64', 'kmalloc-8192'],
  );
  assert.equal(place(1, 'GFP_KERNEL', '5.4', { CONFIG_SLAB: true })?.bucket, 32);
  assert.equal(explain('6.12', 'GFP_KERNEL', { size: 100_000 }).failure.includes('order 5'), true);
});

test('problems', () => {
  const rules = (release: string, names: string, question?: Question) =>
    explain(release, names, question).problems.map((problem) => problem.rule);
  assert.deepEqual(rules('6.12', 'GFP_KERNEL'), []);
  assert.deepEqual(rules('6.12', 'GFP_KERNEL|GFP_DMA|GFP_DMA32'), ['zone-conflict']);
  assert.deepEqual(rules('6.12', 'GFP_KERNEL|__GFP_NORETRY|__GFP_NOFAIL'), ['conflicting-flags']);
  assert.deepEqual(rules('6.12', 'GFP_ATOMIC|__GFP_NOFAIL'), ['nofail-cannot-block']);
  assert.deepEqual(
    [rules('6.12', 'GFP_KERNEL|__GFP_NOFAIL', { order: 2 }), rules('6.19', 'GFP_KERNEL|__GFP_NOFAIL', { order: 2 })],
    [['nofail-high-order'], []],
  );
  assert.deepEqual(rules('6.12', 'GFP_KERNEL', { context: ['softirq'] }), ['sleep-in-atomic']);
  assert.deepEqual(rules('6.12', 'GFP_KERNEL|__GFP_HIGHMEM', { size: 10 }), ['invalid-for-slab']);
  assert.deepEqual([rules('6.2', 'GFP_KERNEL|__GFP_ATOMIC'), rules('6.1', 'GFP_KERNEL|__GFP_ATOMIC')], [['conflicting-flags'], []]);
});

test('every composite of every release can be explained, summarised and shown in 80 columns', () => {
  for (const release of sampledReleases) {
    const model = loadModel({ release });
    for (const { name, bits } of model.flags.composites) {
      const explanation = explainMask(model, { input: name, bits, order: 4, size: 5000, context: ['nofs'] });
      assert.ok(summarise(explanation).length >= 2);
      const page = maskPage(explanation, PLAIN);
      for (const line of page.split('\n')) assert.ok(line.length <= 80 && line === line.trimEnd(), `${name}: ${line}`);
    }
  }
});

test('the page colours through its palette only', () => {
  const explanation = explain('6.12', 'GFP_ATOMIC|__GFP_NOFAIL');
  const marked = maskPage(explanation, { ...PLAIN, red: (text) => `<${text}>` });
  assert.match(marked, /<error>/);
  assert.equal(marked.replace(/[<>]/g, ''), maskPage(explanation, PLAIN));
});
