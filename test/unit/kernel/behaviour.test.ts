import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContextWord, MaskExplanation } from '../../../server/src/kernel/index';
import { allReleases, configOf, configOfOptions, explainMask, loadModel, parseRelease, whyUnknown } from '../../../server/src/kernel/index';
import { maskOfNames } from '../../../server/src/mask/index';

interface Question {
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
  readonly config?: Readonly<Record<string, boolean | string>>;
}

function explain(release: string, names: string, question: Question = {}): MaskExplanation {
  const { config, ...query } = question;
  const model = loadModel({ release: parseRelease(release)!, ...(config === undefined ? {} : { config: configOf(config) }) });
  return explainMask(model, { input: names, bits: maskOfNames(model, names.split('|')).set, ...query });
}

test('a task the OOM killer has chosen: all memory until 4.13, half of the min watermark from 4.14 on, nothing in interrupts', () => {
  const floor = (release: string, names: string, ...context: ContextWord[]) => explain(release, names, { context }).reserveFloor;
  assert.deepEqual(
    [floor('4.13', 'GFP_KERNEL', 'oom'), floor('4.14', 'GFP_KERNEL', 'oom'), floor('6.12', 'GFP_KERNEL', 'oom')],
    [0, 0.5, 0.5],
  );
  assert.deepEqual([floor('6.12', 'GFP_KERNEL|__GFP_NOMEMALLOC', 'oom'), floor('6.12', 'GFP_ATOMIC', 'oom', 'softirq')], [1, 0.375]);
  assert.equal(explain('6.12', 'GFP_KERNEL', { context: ['oom'] }).entitlement, 'ALLOC_OOM');
});

test('__GFP_ATOMIC with direct reclaim: the bit counts for the flags of the allocator, and the page says that the slow path drops it', () => {
  const both = explain('5.10', 'GFP_KERNEL|__GFP_ATOMIC');
  assert.deepEqual([both.reserveFloor, both.allocFlags.includes('ALLOC_HARDER'), both.slowPathFloor], [0.75, true, 1]);
  assert.equal(explain('5.10', 'GFP_ATOMIC').slowPathFloor, undefined);
  assert.match(both.path!.find((step) => step.step === 'retry with reserves')!.outcome, /no reserve/);
  assert.ok(both.path!.some((step) => step.step === 'sanity check' && step.outcome.includes('drops __GFP_ATOMIC')));
  assert.match(both.problems[0]!.message, /drops __GFP_ATOMIC/);
});

test('scopes that only some releases have', () => {
  const mask = 'GFP_HIGHUSER_MOVABLE';
  assert.deepEqual(Object.keys(explain('6.10', mask).effective), ['nofs', 'noio', 'pin', 'noreclaim', 'nowarn']);
  assert.deepEqual(Object.keys(explain('5.4', mask).effective), ['nofs', 'noio', 'pin', 'nocma']);
  assert.deepEqual(Object.keys(explain('6.12', mask).effective), ['nofs', 'noio', 'pin']);
  const { noreclaim, nowarn } = explain('6.10', 'GFP_KERNEL').effective;
  assert.deepEqual([noreclaim, nowarn], ['0x8c0', '0x2cc0']);
  assert.equal(explain('6.10', 'GFP_KERNEL', { context: ['noreclaim'] }).mayBlock, false);
  assert.equal(explain('6.12', 'GFP_KERNEL', { context: ['noreclaim'] }).mayBlock, true);
  const first = explain('6.10', 'GFP_KERNEL', { context: ['noio', 'noreclaim'] }).inContext;
  assert.equal(first?.hex, '0x8c0', 'NORECLAIM is looked at before NOIO, which then does not count');
});

test('the configuration of the context mask: zone of the written mask, and of what the scope makes of it', () => {
  const pin = explain('6.12', 'GFP_HIGHUSER_MOVABLE', { context: ['pin'] });
  assert.deepEqual([pin.zone, pin.inContext?.zone, pin.fallback], ['Movable', 'Normal', ['Normal', 'DMA32', 'DMA']]);
  assert.equal(explain('6.12', 'GFP_KERNEL', { context: ['pin'] }).inContext, undefined);
});

test('fallback goes downwards only', () => {
  const zones = (names: string, config?: Question['config']) => explain('6.12', names, config === undefined ? {} : { config }).fallback;
  assert.deepEqual(zones('GFP_HIGHUSER_MOVABLE'), ['Movable', 'Normal', 'DMA32', 'DMA']);
  assert.deepEqual(zones('GFP_DMA'), ['DMA']);
  assert.deepEqual(zones('GFP_HIGHUSER', { CONFIG_HIGHMEM: true, CONFIG_ZONE_DMA: true }), ['HighMem', 'Normal', 'DMA']);
});

test('kvmalloc: first try and fallback', () => {
  const plan = (release: string, names: string, size = 100_000) => {
    const { kvmalloc, hex } = explain(release, names, { size });
    return kvmalloc === undefined ? undefined : [(Number(kvmalloc.firstTry) ^ Number(hex)).toString(16), kvmalloc.vmalloc];
  };
  assert.equal(plan('4.11', 'GFP_KERNEL'), undefined);
  assert.deepEqual(plan('6.1', 'GFP_KERNEL'), ['12000', true]);
  assert.deepEqual(plan('6.1', 'GFP_KERNEL', 4096), ['0', false]);
  assert.deepEqual(plan('6.1', 'GFP_KERNEL|__GFP_RETRY_MAYFAIL'), ['2000', true]);
  assert.deepEqual(plan('6.1', 'GFP_KERNEL|__GFP_NOFAIL'), ['1a000', true]);
  assert.deepEqual(plan('5.4', 'GFP_NOFS'), ['0', false]);
  assert.deepEqual(plan('6.12', 'GFP_ATOMIC'), ['12000', false]);
  assert.deepEqual(plan('6.18', 'GFP_KERNEL'), ['2400', true]);
  assert.deepEqual([plan('6.18', 'GFP_NOWAIT')?.[1], plan('6.19', 'GFP_NOWAIT')?.[1]], [false, true]);
  assert.deepEqual([plan('6.12', 'GFP_KERNEL', 2 ** 31)?.[1], plan('5.4', 'GFP_KERNEL', 2 ** 31)?.[1]], [false, true]);
});

test('kmalloc size classes follow allocator, page size and DMA alignment', () => {
  const place = (release: string, size: number, config: Question['config']) =>
    explain(release, 'GFP_KERNEL', { size, config: { CONFIG_MMU: true, ...config } }).kmalloc!;
  const arm64 = { CONFIG_ARM64: true };
  assert.deepEqual(
    [place('6.1', 10, arm64).bucket, place('6.1', 70, arm64).bucket, place('6.1', 150, arm64).bucket, place('6.5', 10, arm64).bucket],
    [128, 128, 256, 16],
  );
  const pages64k = { CONFIG_ARM64: true, CONFIG_ARM64_64K_PAGES: true };
  assert.deepEqual([place('6.6', 100_000, pages64k).bucket, place('6.6', 140_000, pages64k).order], [131_072, 2]);
  assert.deepEqual([place('5.4', 1, { CONFIG_SLAB: true }).bucket, place('5.4', 1 << 20, { CONFIG_SLAB: true }).cache], [32, 'kmalloc-1M']);
  assert.deepEqual([place('6.2', 9000, { CONFIG_SLAB: true }).order, place('6.8', 1, { CONFIG_SLAB: true }).bucket], [2, 8]);
  assert.deepEqual(place('5.4', 100, { CONFIG_SLOB: true }), { bytes: 100, bucket: null, cache: null, order: 0 });
  assert.equal(place('5.4', 5000, { CONFIG_SLOB: true }).order, 1);
});

test('what allocators built on pages ask for', () => {
  const nested = (release: string, names: string) =>
    Object.fromEntries(explain(release, names).nested!.map(({ allocator, hex }) => [allocator, hex]));
  assert.deepEqual(nested('6.12', 'GFP_KERNEL'), {
    'slab page': '0x920c0',
    vmalloc: '0x2cc2',
    mempool: '0x92880',
    percpu: '0xcc0',
    dma_alloc: '0xcc0',
  });
  assert.equal(nested('6.12', 'GFP_ATOMIC|__GFP_ZERO|__GFP_DMA')['slab page'], '0x12820');
  assert.deepEqual(
    [nested('6.12', 'GFP_NOFS').percpu, nested('6.6', 'GFP_NOFS').percpu, nested('6.12', 'GFP_ATOMIC').percpu],
    ['0xc40', null, null],
  );
  assert.deepEqual([nested('6.1', 'GFP_KERNEL|__GFP_COMP').dma_alloc, nested('6.2', 'GFP_KERNEL|__GFP_COMP').dma_alloc], ['0x40cc0', null]);
  assert.deepEqual([nested('6.12', 'GFP_DMA|GFP_KERNEL').dma_alloc, nested('6.12', 'GFP_DMA|GFP_KERNEL').vmalloc], ['0xcc0', '0x2cc1']);
  assert.equal(nested('6.19', 'GFP_KERNEL|__GFP_THISNODE').vmalloc, '0x2cc2');
});

test('the largest order follows the option, whose meaning changed in 6.4', () => {
  const largest = (release: string) =>
    loadModel({ release: parseRelease(release)!, config: configOf({ CONFIG_ARCH_FORCE_MAX_ORDER: '13' }) }).limits.maxPageOrder;
  assert.deepEqual([largest('6.3'), largest('6.4')], [12, 13]);
});

test('every step says where it is in the source, and what decided', () => {
  for (const release of ['4.4', '4.9', '5.10', '6.1', '6.12', '7.3']) {
    for (const names of ['GFP_KERNEL', 'GFP_ATOMIC', 'GFP_NOIO|__GFP_NORETRY', 'GFP_KERNEL|__GFP_NOFAIL', 'GFP_TRANSHUGE']) {
      for (const order of [0, 2, 9, 12]) {
        const path = explain(release, names, { order, context: ['rt'] }).path!;
        assert.ok(
          path.every((step) => /^[\w/.]+\.[ch]: \w+\(\)$/.test(step.source)),
          `${release} ${names}`,
        );
        assert.ok(['failure', 'no failure', 'order check'].includes(path.at(-1)!.step));
      }
    }
  }
  const kill = explain('6.12', 'GFP_NOFS').path!.find((step) => step.step === 'OOM killer');
  assert.equal(kill?.why, 'no __GFP_FS');
});

test('compaction before reclaim, and when it is the end', () => {
  const first = (release: string, names: string, order: number) =>
    explain(release, names, { order }).path!.find((step) => step.step === 'first compaction');
  assert.equal(first('6.12', 'GFP_KERNEL', 0), undefined);
  assert.deepEqual(
    ['4.9', '4.12'].map((release) => first(release, 'GFP_KERNEL', 2) !== undefined),
    [false, true],
  );
  assert.match(first('6.6', 'GFP_KERNEL|__GFP_NORETRY', 9)!.outcome, /has too few free pages/);
  assert.match(first('6.12.117', 'GFP_KERNEL|__GFP_NORETRY|__GFP_THISNODE', 9)!.outcome, /then gives up/);
  assert.equal(first('6.12', 'GFP_NOIO', 9), undefined);
  assert.notEqual(first('6.6.10', 'GFP_NOIO', 9), undefined);
});

test('kernels before 4.6 print numbers, and the answer says so', () => {
  const old = explain('4.4', 'GFP_KERNEL');
  assert.deepEqual([old.canonical, old.names], ['0x24000c0', 'GFP_KERNEL']);
  assert.match(old.note ?? '', /4\.6/);
  assert.deepEqual([explain('4.6', 'GFP_KERNEL').canonical, explain('4.6', 'GFP_KERNEL').note], ['GFP_KERNEL', undefined]);
});

test('options of a question: what they leave out is unknown, unless they are a whole configuration', () => {
  const numbers = (config: Readonly<Record<string, boolean>>) =>
    loadModel({ release: parseRelease('6.12')!, config: configOfOptions(config) }).numbers;
  assert.deepEqual([numbers({}).layouts.length, numbers({ CONFIG_LOCKDEP: true }).layouts.length], [8, 4]);
  assert.equal(numbers({ CONFIG_MMU: true, CONFIG_LOCKDEP: true }).certain, true);
  const zone = (config: Readonly<Record<string, boolean>>) =>
    explainMask(loadModel({ release: parseRelease('6.12')!, config: configOfOptions(config) }), { input: '', bits: 1 }).zone;
  assert.deepEqual(
    [zone({ CONFIG_LOCKDEP: true }), zone({ CONFIG_ZONE_DMA: false }), zone({ CONFIG_MMU: true })],
    ['DMA', 'Normal', 'Normal'],
  );
});

test('releases: all of them in order, and those that cannot be answered', () => {
  const names = allReleases().map(({ major, minor }) => `${major}.${minor}`);
  assert.deepEqual([names[0], names.length, new Set(names).size], ['4.4', names.length, names.length]);
  for (const [before, after] of [
    ['4.20', '5.0'],
    ['5.19', '6.0'],
    ['6.19', '7.0'],
    ['4.4', '4.5'],
  ] as const)
    assert.equal(names.indexOf(after), names.indexOf(before) + 1);
  const why = (release: string) => whyUnknown(parseRelease(release)!);
  assert.match(why('3.10')!, /4\.4/);
  assert.match(why('5.20')!, /5\.19/);
  assert.match(why('19.1')!, /7\./);
  for (const fine of ['4.4', '6.1.192', '6.19', '7.3', '7.9', '8.0']) assert.equal(why(fine), undefined, fine);
});

test('hard interrupts of a PREEMPT_RT kernel: no mask is allowed, and without the configuration the answer says so as an aside', () => {
  const verdict = (context: readonly ContextWord[], config?: Question['config']) =>
    explain('6.12', 'GFP_ATOMIC', { context, ...(config === undefined ? {} : { config }) }).problems.map(
      (one) => `${one.rule} ${one.severity}`,
    );
  const realtime = { CONFIG_MMU: true, CONFIG_PREEMPT_RT: true };
  assert.deepEqual(verdict(['hardirq'], realtime), ['rt-raw-context warning']);
  assert.deepEqual(verdict(['softirq'], realtime), []);
  assert.deepEqual(verdict(['rt', 'hardirq']), ['rt-raw-context info']);
  assert.deepEqual(verdict(['rt', 'hardirq'], { CONFIG_MMU: true }), []);
  assert.deepEqual(verdict(['hardirq']), []);
});

test('in an interrupt the real-time priority of the interrupted task opens no reserve, and the path says so', () => {
  assert.equal(explain('6.12', 'GFP_KERNEL', { context: ['rt'] }).reserveFloor, 0.5);
  for (const place of ['softirq', 'hardirq'] as const) {
    const { reserveFloor, path } = explain('6.12', 'GFP_KERNEL', { context: ['rt', place] });
    assert.equal(reserveFloor, 1);
    assert.match(path![0]!.outcome, /real-time priority .* not count/);
  }
  const floor = (place: ContextWord) => explain('6.12', 'GFP_ATOMIC', { context: ['memalloc', place] }).reserveFloor;
  assert.deepEqual([floor('softirq'), floor('hardirq')], [0, 0.375]);
});

test('until 4.7 ALLOC_NO_WATERMARKS is one of the flags, later it replaces them', () => {
  const flags = (release: string) => explain(release, 'GFP_KERNEL|__GFP_MEMALLOC').allocFlags.includes('ALLOC_NO_WATERMARKS');
  assert.deepEqual([flags('4.4'), flags('4.7'), flags('4.8'), flags('6.12')], [true, true, false, false]);
});

test('CONFIG_SLUB_TINY means nothing before 6.2', () => {
  const cache = (release: string) =>
    explain(release, 'GFP_KERNEL|__GFP_RECLAIMABLE', { size: 64, config: { CONFIG_MMU: true, CONFIG_SLUB_TINY: true } }).kmalloc?.cache;
  assert.deepEqual([cache('6.1'), cache('6.2')], ['kmalloc-rcl-64', 'kmalloc-64']);
});
