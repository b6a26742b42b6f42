import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ContextWord,
  configOf,
  explainMask,
  loadModel,
  type MaskExplanation,
  parseRelease,
  summarise,
} from '../../../server/src/kernel/index';
import { maskOfNames } from '../../../server/src/mask/index';

interface Asked {
  readonly order?: number;
  readonly size?: number;
  readonly context?: readonly ContextWord[];
  readonly config?: Readonly<Record<string, boolean | string>>;
  readonly path?: boolean;
}

function explain(release: string, names: string, { config, ...query }: Asked = {}): MaskExplanation {
  const model = loadModel({ release: parseRelease(release)!, config: config && configOf(config) });
  return explainMask(model, { input: names, bits: maskOfNames(model, names.split('|')).set, ...query });
}

test('zones that may serve the request, the preferred one first', () => {
  const zones = (names: string, config?: Asked['config']) => explain('6.12', names, { ...(config && { config }) }).fallback.join(' ');
  const pc = { CONFIG_ZONE_DMA: true, CONFIG_ZONE_DMA32: true };
  assert.deepEqual(
    ['GFP_HIGHUSER_MOVABLE', 'GFP_KERNEL', 'GFP_DMA32', 'GFP_DMA'].map((names) => zones(names, pc)),
    ['Movable Normal DMA32 DMA', 'Normal DMA32 DMA', 'DMA32 DMA', 'DMA'],
  );
  assert.equal(zones('GFP_HIGHUSER_MOVABLE', { CONFIG_HIGHMEM: true, CONFIG_ZONE_DMA: true }), 'Movable HighMem Normal DMA');
  assert.equal(zones('GFP_KERNEL', { CONFIG_ZONE_DMA32: true }), 'Normal DMA32');
  assert.equal(zones('GFP_KERNEL', {}), 'Normal');
});

test('zone modifiers that exclude each other: the lowest zone that the machine has', () => {
  const zone = (config: NonNullable<Asked['config']>) => explain('6.12', '__GFP_DMA|__GFP_DMA32', { config }).zone;
  assert.deepEqual([zone({ CONFIG_ZONE_DMA: true }), zone({ CONFIG_ZONE_DMA32: true }), zone({})], ['DMA', 'DMA32', 'Normal']);
});

describe('the flags of the allocator', () => {
  const flags = (release: string, names: string, asked?: Asked) => explain(release, names, asked).allocFlags.join(' ');

  test('from 6.3 on not being able to block counts', () => {
    assert.equal(flags('6.12', 'GFP_KERNEL'), 'ALLOC_CPUSET ALLOC_KSWAPD');
    assert.equal(flags('6.12', 'GFP_ATOMIC'), 'ALLOC_KSWAPD ALLOC_MIN_RESERVE ALLOC_NON_BLOCK');
    assert.equal(flags('6.12', 'GFP_ATOMIC', { order: 1 }), 'ALLOC_HIGHATOMIC ALLOC_KSWAPD ALLOC_MIN_RESERVE ALLOC_NON_BLOCK');
    assert.equal(flags('6.12', 'GFP_NOWAIT'), 'ALLOC_CPUSET ALLOC_KSWAPD ALLOC_NON_BLOCK');
    assert.equal(flags('6.12', 'GFP_ATOMIC|__GFP_NOMEMALLOC', { order: 1 }), 'ALLOC_KSWAPD ALLOC_MIN_RESERVE');
    assert.equal(flags('6.12', '__GFP_DIRECT_RECLAIM'), 'ALLOC_CPUSET');
    assert.equal(flags('6.12', 'GFP_HIGHUSER_MOVABLE'), 'ALLOC_CMA ALLOC_CPUSET ALLOC_KSWAPD');
    assert.equal(flags('6.12', 'GFP_HIGHUSER_MOVABLE', { config: { CONFIG_CMA: false } }), 'ALLOC_CPUSET ALLOC_KSWAPD');
  });

  test('before, the bit __GFP_ATOMIC', () => {
    assert.equal(flags('6.1.38', 'GFP_KERNEL'), 'ALLOC_CPUSET ALLOC_KSWAPD');
    assert.equal(flags('6.1.38', 'GFP_ATOMIC'), 'ALLOC_HARDER ALLOC_HIGH ALLOC_KSWAPD');
    assert.equal(flags('6.1.38', 'GFP_NOWAIT'), 'ALLOC_CPUSET ALLOC_KSWAPD');
    assert.equal(flags('6.1.38', 'GFP_ATOMIC|__GFP_NOMEMALLOC'), 'ALLOC_HIGH ALLOC_KSWAPD');
    assert.equal(flags('6.1.38', 'GFP_KERNEL', { context: ['rt'] }), 'ALLOC_CPUSET ALLOC_HARDER ALLOC_KSWAPD');
    assert.equal(flags('6.1.38', 'GFP_NOWAIT', { context: ['rt', 'hardirq'] }), 'ALLOC_CPUSET ALLOC_KSWAPD');
    assert.equal(flags('4.19', 'GFP_KERNEL'), 'ALLOC_CPUSET');
  });

  test('ALLOC_NO_WATERMARKS stood among them until 4.7, later it replaces them', () => {
    assert.deepEqual(
      ['4.7', '4.8'].map((release) => [
        flags(release, 'GFP_KERNEL|__GFP_MEMALLOC'),
        explain(release, 'GFP_KERNEL|__GFP_MEMALLOC').entitlement,
      ]),
      [
        ['ALLOC_CPUSET ALLOC_NO_WATERMARKS', 'ALLOC_NO_WATERMARKS'],
        ['ALLOC_CPUSET', 'ALLOC_NO_WATERMARKS'],
      ],
    );
    assert.equal(explain('6.12', 'GFP_KERNEL', { context: ['oom'] }).entitlement, 'ALLOC_OOM');
    assert.equal(explain('6.12', 'GFP_KERNEL').entitlement, undefined);
  });
});

test('numbers: what the mask is, and what scopes make of it', () => {
  const { hex, flags, canonical, effective } = explain('6.12', 'GFP_KERNEL_ACCOUNT|__GFP_ZERO');
  assert.deepEqual([hex, canonical], ['0x400dc0', 'GFP_KERNEL_ACCOUNT|__GFP_ZERO']);
  assert.deepEqual(flags, ['__GFP_IO', '__GFP_FS', '__GFP_ZERO', '__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM', '__GFP_ACCOUNT']);
  assert.deepEqual(effective, { nofs: '0x400d40', noio: '0x400d00', pin: '0x400dc0' });
  // __GFP_NOLOCKDEP is 0 without lockdep: the number of such a kernel does not have it.
  const quiet = explain('6.12', 'GFP_KERNEL|__GFP_NOLOCKDEP', { config: { CONFIG_LOCKDEP: false } });
  assert.deepEqual([quiet.hex, quiet.flags.includes('__GFP_NOLOCKDEP')], ['0xcc0', false]);
});

test('kernels that print masks as numbers say so, and name them all the same', () => {
  const old = explain('4.4', 'GFP_KERNEL', { context: ['noio'] });
  assert.deepEqual([old.canonical, old.names, old.inContext?.canonical], [old.hex, 'GFP_KERNEL', old.inContext?.hex]);
  assert.match(old.note!, /names came with 4\.6/);
  const { note, names, inContext } = explain('4.6', 'GFP_KERNEL', { context: ['noio'] });
  assert.deepEqual([note, names, inContext?.canonical], [undefined, undefined, 'GFP_NOIO']);
});

test('flags are those of the number that was asked about', () => {
  const model = loadModel({ release: parseRelease('6.12')!, config: configOf({ CONFIG_LOCKDEP: false }) });
  const bits = maskOfNames(model, ['GFP_KERNEL', '__GFP_NOLOCKDEP']).set;
  const asked = explainMask(model, { input: '', bits, number: 0xcc0 });
  assert.deepEqual(asked.flags.includes('__GFP_NOLOCKDEP'), true);
});

test('readings of a number are told when they say more than the usual one', () => {
  const model = loadModel({ release: parseRelease('6.12')! });
  const told = (...configs: string[]) =>
    explainMask(model, { input: '0x1', bits: 1, number: 1, readings: configs.map((config) => ({ config, hex: '0x1' })) }).readings?.length;
  const usual = model.numbers.preferred.config;
  assert.deepEqual([told(), told(usual), told('CONFIG_LOCKDEP=y'), told(usual, 'CONFIG_LOCKDEP=y')], [undefined, undefined, 1, 2]);
});

test('one model gives the same answer whatever it was asked before', () => {
  const names = ['6.12', '5.15', '6.19'].flatMap((release) =>
    [
      'GFP_KERNEL|__GFP_NOFAIL',
      'GFP_ATOMIC|__GFP_NOFAIL',
      'GFP_KERNEL',
      'GFP_DMA|__GFP_DMA32',
      'GFP_ATOMIC|__GFP_MEMALLOC|__GFP_NOMEMALLOC',
    ].map((mask) => [release, mask] as const),
  );
  const contexts: readonly (readonly ContextWord[])[] = [[], ['softirq'], ['hardirq'], ['hardirq', 'rt'], ['rt']];
  const models = new Map(['6.12', '5.15', '6.19'].map((release) => [release, loadModel({ release: parseRelease(release)! })]));
  const ask = (model: ReturnType<typeof loadModel>, mask: string, order: number, context: readonly ContextWord[]) =>
    explainMask(model, { input: mask, bits: maskOfNames(model, mask.split('|')).set, order, context }).problems.map(
      ({ message }) => message,
    );
  for (const order of [0, 2, 4, 11, 12]) {
    for (const context of contexts) {
      for (const [release, mask] of names) {
        const fresh = loadModel({ release: parseRelease(release)! });
        assert.deepEqual(
          ask(models.get(release)!, mask, order, context),
          ask(fresh, mask, order, context),
          `${release} ${mask} ${order} ${context}`,
        );
      }
    }
  }
});

test('scopes that only some releases have', () => {
  const scoped = (release: string) => Object.keys(explain(release, 'GFP_HIGHUSER_MOVABLE').effective).join(' ');
  assert.deepEqual(['5.1', '5.2', '5.9', '5.10', '6.8', '6.9', '6.11', '6.12'].map(scoped), [
    'nofs noio pin',
    'nofs noio pin nocma',
    'nofs noio pin nocma',
    'nofs noio pin',
    'nofs noio pin',
    'nofs noio pin noreclaim nowarn',
    'nofs noio pin noreclaim nowarn',
    'nofs noio pin',
  ]);
  const { effective, hex } = explain('6.9', 'GFP_KERNEL');
  assert.deepEqual([effective.noreclaim, effective.nowarn, hex], ['0x8c0', '0x2cc0', '0xcc0']);
  const within = (context: readonly ContextWord[], release = '6.9') => {
    const { canonical, inContext } = explain(release, 'GFP_KERNEL|__GFP_MOVABLE', { context });
    return (inContext?.canonical ?? canonical).replace('|__GFP_MOVABLE', ' movable');
  };
  // PF_MEMALLOC_NOIO hides PF_MEMALLOC_NOFS; pinning comes on top of either.
  assert.deepEqual(
    [within(['noio']), within(['nofs']), within(['nofs', 'noio']), within(['nofs', 'pin'])],
    ['GFP_NOIO movable', 'GFP_NOFS movable', 'GFP_NOIO movable', 'GFP_NOFS'],
  );
});

test('the answer in short', () => {
  const short = (names: string, asked?: Asked, release = '6.12') => summarise(explain(release, names, asked)).join(' ');
  assert.equal(
    short('GFP_KERNEL'),
    'May sleep, start I/O and call into filesystems; wakes kswapd. Practically never fails: up to order 3 the allocator keeps trying; only a task being OOM-killed gets NULL; the OOM killer may run.',
  );
  assert.equal(short('GFP_ATOMIC'), 'Never sleeps; wakes kswapd. Fails as soon as free memory is below 37.5 % of the min watermark.');
  assert.equal(short('GFP_NOWAIT'), 'Never sleeps; wakes kswapd. Fails as soon as free memory is below the min watermark.');
  assert.match(short('GFP_NOFS'), /^May sleep and start I\/O, but does not call into filesystems; wakes kswapd\./);
  assert.match(short('GFP_NOIO'), /^May sleep, but starts no I\/O and does not call into filesystems; wakes kswapd\./);
  assert.equal(short('GFP_KERNEL|__GFP_NOFAIL'), 'May sleep, start I/O and call into filesystems; wakes kswapd. Never returns NULL.');
  assert.match(short('GFP_KERNEL|__GFP_HIGH'), / May use the reserve down to 50 % of the min watermark\.$/);
  assert.match(short('GFP_KERNEL', { context: ['memalloc'] }), / Fails when memory is used up: .* Ignores all watermarks\.$/);
  assert.match(
    short('GFP_KERNEL|__GFP_ATOMIC', {}, '6.1.38'),
    /keeps trying; only a task being OOM-killed gets NULL; the OOM killer may run\.$/,
  );
  assert.match(short('GFP_DMA'), / Memory from zone DMA and below\.$/);
  assert.match(short('GFP_HIGHUSER_MOVABLE'), / Memory from zone Movable and below\. Movable page blocks\.$/);
  assert.match(short('GFP_HIGHUSER_MOVABLE', { context: ['pin'] }), /the OOM killer may run\.$/);
  assert.match(short('GFP_KERNEL|__GFP_RECLAIMABLE'), / Reclaimable page blocks\.$/);
});

test('when NULL comes back', () => {
  const fails = (names: string, asked?: Asked, release = '6.12') => explain(release, names, asked).failure;
  assert.equal(fails('GFP_KERNEL', { order: 11 }), 'always: order 11 is above the maximum of 10');
  assert.equal(fails('GFP_KERNEL', { order: 10 }), 'after one round of reclaim and compaction: order 10 is above 3');
  // The largest cache serves 8 KiB: the request for pages is that of a slab, not of the caller.
  assert.match(fails('GFP_KERNEL', { size: 8192 }), /^practically never/);
  assert.match(fails('GFP_KERNEL', { size: 16 * 8192 }), /order 5 is above 3$/);
  assert.equal(
    fails('GFP_ATOMIC|__GFP_NOFAIL'),
    'as soon as free memory is below 37.5 % of the min watermark: __GFP_NOFAIL means nothing without direct reclaim',
  );
  assert.equal(fails('GFP_NOWAIT|__GFP_MEMALLOC'), 'as soon as free memory is below what is physically there (watermarks are ignored)');
  assert.equal(fails('GFP_KERNEL|__GFP_NORETRY'), 'after one round of reclaim');
  assert.equal(fails('GFP_KERNEL|__GFP_NORETRY', { order: 1 }), 'after one round of reclaim and compaction');
  assert.equal(fails('GFP_KERNEL|__GFP_RETRY_MAYFAIL'), 'after many rounds of reclaim without progress; never kills a task');
  assert.equal(fails('GFP_KERNEL', { order: 4 }), 'after one round of reclaim and compaction: order 4 is above 3');
  assert.equal(fails('GFP_NOIO', { order: 4 }), 'after one round of reclaim: order 4 is above 3');
  assert.equal(fails('GFP_KERNEL|__GFP_REPEAT', { order: 4 }, '4.9'), 'when reclaim makes no more progress: order 4 is above 3');
  assert.equal(fails('GFP_KERNEL|__GFP_THISNODE'), 'when the node has no memory left: no fallback, no OOM killer');
});

describe('what allocators built on pages make of the mask', () => {
  const nested = (release: string, names: string, allocator: string) => {
    const found = explain(release, names).nested!.find((one) => one.allocator === allocator)!;
    return `${found.hex ?? 'none'}: ${found.note}`;
  };

  test('slab: the first try is hurried and silent', () => {
    const mask = (release: string, names: string) => nested(release, names, 'slab page').split(':')[0];
    // GFP_KERNEL without reclaim of both kinds, with __GFP_NOWARN, __GFP_NORETRY and __GFP_NOMEMALLOC.
    assert.equal(mask('6.12', 'GFP_KERNEL'), '0x920c0');
    assert.equal(mask('6.12', 'GFP_NOWAIT'), '0x12800');
    assert.equal(mask('6.12', 'GFP_KERNEL|__GFP_NOFAIL'), '0x920c0');
    // Until 4.5 it kept waking kswapd.
    const wakes = (release: string) => {
      const { numbers, flags } = loadModel({ release: parseRelease(release)! });
      return (Number(mask(release, 'GFP_KERNEL')) & numbers.preferred.toNumber(flags.bitsOf('__GFP_KSWAPD_RECLAIM'))) !== 0;
    };
    assert.deepEqual([wakes('4.5'), wakes('4.6'), wakes('5.4')], [true, false, false]);
  });

  test('vmalloc: which masks it supports', () => {
    assert.equal(nested('5.16', 'GFP_KERNEL', 'vmalloc'), '0x2cc2: single pages; reports failure itself');
    assert.equal(nested('5.16', 'GFP_NOFS', 'vmalloc'), '0x2c42: supports masks with all of GFP_KERNEL only');
    assert.equal(nested('5.17', 'GFP_NOFS', 'vmalloc'), '0x2c42: single pages; reports failure itself');
    assert.match(nested('5.17', 'GFP_NOWAIT', 'vmalloc'), /: supports masks that may sleep only$/);
    assert.match(nested('6.19', 'GFP_NOWAIT', 'vmalloc'), /: takes the mask as it is$/);
    assert.match(nested('6.19', 'GFP_KERNEL|__GFP_MOVABLE', 'vmalloc'), /: warns about flags it does not take and drops them$/);
    // A zone that was asked for stays.
    assert.equal(nested('6.12', 'GFP_KERNEL|__GFP_DMA32', 'vmalloc').split(':')[0], '0x2cc4');
  });

  test('mempool waits for an element instead of reclaiming', () => {
    assert.equal(nested('6.12', 'GFP_NOIO', 'mempool'), '0x92800: first try; then takes a reserved element or waits for one: never NULL');
    assert.match(nested('6.12', 'GFP_ATOMIC', 'mempool'), /: one try; then a reserved element or NULL$/);
  });

  test('percpu: which masks count as ones that may sleep', () => {
    const atomic = 'none: atomic: served from chunks that exist, allocates no pages';
    assert.equal(nested('6.12.0', 'GFP_NOFS', 'percpu'), atomic);
    assert.equal(nested('6.17', 'GFP_ATOMIC', 'percpu'), atomic);
    assert.equal(nested('6.17', 'GFP_NOFS', 'percpu'), '0xc40: may allocate and populate chunks');
    assert.equal(nested('6.12', 'GFP_KERNEL|__GFP_NORETRY|__GFP_ZERO', 'percpu').split(':')[0], '0x10cc0');
    const old = (release: string) =>
      nested(release, 'GFP_KERNEL|__GFP_NORETRY', 'percpu').split(':')[0] === explain(release, 'GFP_KERNEL').hex;
    assert.deepEqual([old('4.18'), old('4.19')], [true, false]);
  });

  test('dma_alloc: the device chooses the zone since 5.4', () => {
    assert.equal(nested('6.12', 'GFP_KERNEL|__GFP_DMA32', 'dma_alloc'), "0xcc0: the device's mask chooses the zone");
    assert.match(nested('5.3', 'GFP_KERNEL|__GFP_DMA32', 'dma_alloc'), /^0xcc4: zone bits are taken as given/);
    assert.equal(nested('6.2', 'GFP_KERNEL|__GFP_COMP', 'dma_alloc'), 'none: warns about __GFP_COMP and returns NULL');
    assert.match(nested('6.1', 'GFP_KERNEL|__GFP_COMP', 'dma_alloc'), /^0x40cc0: /);
  });

  test('nobody asks: nothing is worked out', () => {
    const { nested: none, path } = explain('6.12', 'GFP_KERNEL', { path: false });
    assert.deepEqual([none, path], [undefined, undefined]);
  });
});

describe('kvmalloc()', () => {
  const KB = 1024;
  const plan = (release: string, names: string, size: number) => {
    const found = explain(release, names, { size }).kvmalloc;
    return found && `${found.firstTry}${found.vmalloc ? ', then vmalloc' : ''}`;
  };

  test('first a contiguous try that gives up early, then vmalloc', () => {
    assert.equal(plan('4.11', 'GFP_KERNEL', 64 * KB), undefined);
    assert.equal(plan('6.12', 'GFP_KERNEL', 4096), '0xcc0');
    assert.equal(plan('6.12', 'GFP_KERNEL', 4097), '0x12cc0, then vmalloc');
    assert.equal(plan('6.12', 'GFP_KERNEL|__GFP_RETRY_MAYFAIL', 8 * KB), '0x6cc0, then vmalloc');
    assert.equal(plan('6.12', 'GFP_KERNEL|__GFP_NOFAIL', 8 * KB), '0x12cc0, then vmalloc');
    assert.equal(plan('6.17', 'GFP_KERNEL', 8 * KB), '0x28c0, then vmalloc');
  });

  test('masks that it does not take to vmalloc', () => {
    assert.equal(plan('6.12', 'GFP_ATOMIC', 8 * KB)!.includes('vmalloc'), false);
    assert.equal(plan('6.19', 'GFP_ATOMIC', 8 * KB)!.includes('vmalloc'), true);
    assert.equal(plan('5.16', 'GFP_NOFS', 8 * KB), '0xc40');
    assert.equal(plan('5.17', 'GFP_NOFS', 8 * KB), '0x12c40, then vmalloc');
    assert.deepEqual([plan('6.12', 'GFP_KERNEL', 2 ** 31 - 1), plan('6.12', 'GFP_KERNEL', 2 ** 31)], ['0x12cc0, then vmalloc', '0x12cc0']);
    assert.equal(plan('5.14', 'GFP_KERNEL', 2 ** 31)!.includes('vmalloc'), true);
  });

  test('__GFP_REPEAT kept its retries above 32 KiB', () => {
    const hurried = (size: number) => {
      const model = loadModel({ release: parseRelease('4.12')! });
      const [first] = plan('4.12', 'GFP_KERNEL|__GFP_REPEAT', size)!.split(',');
      return (Number(first) & model.numbers.preferred.toNumber(model.flags.bitsOf('__GFP_NORETRY'))) !== 0;
    };
    assert.deepEqual([hurried(32 * KB), hurried(32 * KB + 1)], [true, false]);
  });
});

describe('caches of kmalloc()', () => {
  const cache = (release: string, names: string, size: number, config?: Asked['config']) =>
    explain(release, names, { size, ...(config && { config }) }).kmalloc?.cache;

  test('named by size: written out until 4.19, then 1k and 1M', () => {
    assert.deepEqual(
      [cache('4.19', 'GFP_KERNEL', 1000), cache('4.20', 'GFP_KERNEL', 1000), cache('4.20', 'GFP_KERNEL', 500)],
      ['kmalloc-1024', 'kmalloc-1k', 'kmalloc-512'],
    );
    assert.equal(cache('5.4', 'GFP_KERNEL', 1_000_000, { CONFIG_SLAB: true }), 'kmalloc-1M');
  });

  test('families', () => {
    assert.deepEqual([cache('5.13', 'GFP_KERNEL_ACCOUNT', 64), cache('5.14', 'GFP_KERNEL_ACCOUNT', 64)], ['kmalloc-64', 'kmalloc-cg-64']);
    assert.equal(cache('6.10', 'GFP_KERNEL_ACCOUNT', 64, { CONFIG_MMU: true, CONFIG_MEMCG: true }), 'kmalloc-64');
    assert.equal(cache('6.11', 'GFP_KERNEL_ACCOUNT', 64, { CONFIG_MMU: true, CONFIG_MEMCG: true }), 'kmalloc-cg-64');
    const tiny = { CONFIG_SLUB_TINY: true };
    assert.deepEqual(
      [cache('6.1', 'GFP_KERNEL|__GFP_RECLAIMABLE', 64, tiny), cache('6.2', 'GFP_KERNEL|__GFP_RECLAIMABLE', 64, tiny)],
      ['kmalloc-rcl-64', 'kmalloc-64'],
    );
    assert.equal(cache('4.19', 'GFP_KERNEL|__GFP_RECLAIMABLE', 64), 'kmalloc-64');
    assert.equal(cache('6.12', 'GFP_KERNEL|GFP_DMA', 64, { CONFIG_ZONE_DMA: false }), 'kmalloc-64');
  });

  test('no cache: nothing at all, SLOB, and what is larger than any', () => {
    const place = (release: string, size: number, config?: Asked['config']) => {
      const { bucket, cache: name, order } = explain(release, 'GFP_KERNEL', { size, ...(config && { config }) }).kmalloc!;
      return [bucket, name, order];
    };
    assert.deepEqual(place('6.12', 0), [null, null, null]);
    assert.deepEqual(place('6.3', 100, { CONFIG_SLOB: true }), [null, null, 0]);
    assert.deepEqual(place('6.12', 8193), [null, null, 2]);
    // With a smallest size of 64 or 128 there is no cache for 96 or 192.
    assert.deepEqual([place('6.4', 70, { CONFIG_ARM64: true })[0], place('6.4', 130, { CONFIG_ARM64: true })[0]], [128, 256]);
    assert.deepEqual([place('6.12', 70, { CONFIG_ARM: true })[0], place('6.12', 130, { CONFIG_ARM: true })[0]], [128, 192]);
  });
});

describe('what is wrong with a request', () => {
  const problems = (release: string, names: string, asked?: Asked) =>
    explain(release, names, asked).problems.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`);

  test('in interrupts', () => {
    const RT = 'the allocator takes locks that sleep, so no mask is allowed in hard interrupt context: allocate before, or in a thread';
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC', { context: ['hardirq'] }), []);
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC', { context: ['hardirq', 'rt'] }), [
      `info rt-raw-context: if this kernel is built with PREEMPT_RT, ${RT}`,
    ]);
    const realTime = { CONFIG_PREEMPT_RT: true };
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC', { context: ['hardirq'], config: realTime }), [
      `warning rt-raw-context: PREEMPT_RT: ${RT}`,
    ]);
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC', { context: ['softirq'], config: realTime }), []);
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC', { context: ['hardirq', 'rt'], config: { CONFIG_PREEMPT_RT: false } }), []);
    assert.deepEqual(problems('6.12', 'GFP_KERNEL', { context: ['hardirq'] }), [
      'error sleep-in-atomic: the mask may sleep, which is forbidden in interrupt context: use GFP_ATOMIC',
    ]);
  });

  test('orders, judged one after the other by the same model', () => {
    const model = loadModel({ release: parseRelease('6.12')! });
    const bits = maskOfNames(model, ['GFP_KERNEL', '__GFP_NOFAIL']).set;
    const messages = (order: number, context: readonly ContextWord[] = []) =>
      explainMask(model, { input: '', bits, order, context }).problems.map(({ message }) => message);
    const above = (order: number) => `this kernel warns about __GFP_NOFAIL above order 1; asked for order ${order}`;
    assert.deepEqual([messages(1), messages(2), messages(3), messages(1)], [[], [above(2)], [above(3)], []]);
    assert.deepEqual(messages(11), [above(11), 'order 11 can never succeed: the largest is 10']);
    assert.deepEqual(messages(2, ['softirq']).length, 2);
    assert.deepEqual(messages(2).length, 1);
  });

  test('flags that contradict each other', () => {
    assert.deepEqual(problems('6.12', 'GFP_KERNEL|__GFP_MEMALLOC|__GFP_NOMEMALLOC'), [
      'warning conflicting-flags: __GFP_NOMEMALLOC overrides __GFP_MEMALLOC',
    ]);
    assert.deepEqual(problems('6.12', 'GFP_KERNEL|__GFP_MOVABLE|__GFP_RECLAIMABLE'), [
      'warning conflicting-flags: __GFP_RECLAIMABLE and __GFP_MOVABLE are different mobility types: the kernel warns',
    ]);
    assert.deepEqual(problems('6.12', 'GFP_ATOMIC|__GFP_NOFAIL'), [
      'error nofail-cannot-block: __GFP_NOFAIL needs direct reclaim: without it the kernel warns and may return NULL',
    ]);
    assert.deepEqual(problems('6.6', 'GFP_ATOMIC|__GFP_NOFAIL|__GFP_NOWARN'), [
      'error nofail-cannot-block: __GFP_NOFAIL needs direct reclaim: without it the kernel may return NULL',
    ]);
  });

  test('sizes', () => {
    assert.deepEqual(problems('6.12', 'GFP_KERNEL|__GFP_DMA32', { size: 8 }), [
      'error invalid-for-slab: __GFP_DMA32 is not allowed for kmalloc(): the kernel warns and drops it',
    ]);
    assert.deepEqual(problems('4.7', 'GFP_KERNEL|__GFP_HIGHMEM', { size: 8 }), [
      'error invalid-for-slab: __GFP_HIGHMEM is not allowed for kmalloc(): the kernel stops',
    ]);
    assert.deepEqual(problems('6.12', 'GFP_KERNEL', { size: 4 << 20 }), []);
    assert.equal(
      problems('6.12', 'GFP_KERNEL', { size: (4 << 20) + 1 }).at(-1),
      `error order-too-large: kmalloc() of ${(4 << 20) + 1} bytes can never succeed: the limit is ${4 << 20}`,
    );
  });

  test('bits that no flag has', () => {
    const model = loadModel({ release: parseRelease('6.12')! });
    const { problems: found, unknownBits } = explainMask(model, { input: '', bits: 0, number: 0x80000000, unknownBits: 0x80000000 });
    assert.equal(unknownBits, '0x80000000');
    assert.match(found[0]!.message, /^0x80000000: no flag of 6\.12 \(tables\) has these bits/);
  });
});
