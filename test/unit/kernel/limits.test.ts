import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configOf, type Limits, loadModel, parseRelease } from '../../../server/src/kernel/index';
import { allocatorOf } from '../../../server/src/kernel/limits';

type Options = Readonly<Record<string, boolean | string | number>>;

const KB = 1024;
const MB = 1024 * KB;
const limits = (release: string, options?: Options): Limits =>
  loadModel({ release: parseRelease(release)!, config: options && configOf(options) }).limits;

test('without a configuration: pages of 4 KiB, blocks up to order 10, SLUB', () => {
  assert.deepEqual(limits('6.12'), {
    pageSize: 4096,
    maxPageOrder: 10,
    costlyOrder: 3,
    kmallocMinSize: 8,
    kmallocMaxCache: 8192,
    kmallocMax: 4 * MB,
    pointerSize: 8,
  });
});

test('pages are as large as the architecture was built with', () => {
  const sizes: readonly (readonly [option: string, kilobytes: number])[] = [
    ['CONFIG_ARM64_64K_PAGES', 64],
    ['CONFIG_ARM64_16K_PAGES', 16],
    ['CONFIG_PPC_64K_PAGES', 64],
    ['CONFIG_PPC_256K_PAGES', 256],
    ['CONFIG_PAGE_SIZE_32KB', 32],
    ['CONFIG_PAGE_SIZE_8KB', 8],
    ['CONFIG_ARM64_4K_PAGES', 4],
  ];
  for (const [option, kilobytes] of sizes) {
    const { pageSize, kmallocMaxCache } = limits('6.12', { [option]: true });
    assert.deepEqual([pageSize, kmallocMaxCache], [kilobytes * KB, 2 * kilobytes * KB], option);
  }
});

describe('the largest order', () => {
  test('as ARCH_FORCE_MAX_ORDER says: until 6.3 the first order that does not exist, then the last one that does', () => {
    const order = (release: string, value: string) => limits(release, { CONFIG_ARCH_FORCE_MAX_ORDER: value }).maxPageOrder;
    assert.deepEqual([order('6.3', '14'), order('6.4', '13'), order('6.4', '1')], [13, 13, 1]);
    assert.equal(limits('5.4', { CONFIG_FORCE_MAX_ZONEORDER: '12' }).maxPageOrder, 11);
    for (const nonsense of ['', 'y', '0', '-3', '2.5']) assert.equal(order('6.12', nonsense), 10, nonsense);
  });

  test('the usual one of an architecture where the option is not named', () => {
    const order = (...options: string[]) => limits('6.12', Object.fromEntries(options.map((option) => [option, true]))).maxPageOrder;
    assert.deepEqual(
      [
        order('CONFIG_ARM64_64K_PAGES'),
        order('CONFIG_ARM64_16K_PAGES'),
        order('CONFIG_PPC64'),
        order('CONFIG_PPC64', 'CONFIG_PPC_64K_PAGES'),
      ],
      [13, 11, 12, 8],
    );
    assert.equal(order('CONFIG_X86'), 10);
  });
});

describe('kmalloc()', () => {
  test('the largest size by allocator', () => {
    const largest = (release: string, options: Options) => limits(release, options).kmallocMax;
    const slab = { CONFIG_SLAB: true };
    const slob = { CONFIG_SLOB: true };
    assert.deepEqual([largest('5.15', slab), largest('5.15', { ...slab, CONFIG_ARCH_FORCE_MAX_ORDER: 16 })], [4 * MB, 32 * MB]);
    assert.deepEqual(
      [largest('6.0', { ...slab, CONFIG_ARCH_FORCE_MAX_ORDER: 16 }), largest('6.1', { ...slab, CONFIG_ARCH_FORCE_MAX_ORDER: 16 })],
      [32 * MB, 128 * MB],
    );
    // Twice the largest block until 4.9, where asking for it could not succeed.
    assert.deepEqual([largest('4.8', {}), largest('4.10', {}), largest('4.9.115', {})], [8 * MB, 4 * MB, 4 * MB]);
    assert.deepEqual([largest('4.8', slob), largest('5.4', slob)], [1024 * MB, 4 * MB]);
  });

  test('the largest size that a cache serves', () => {
    const cached = (release: string, options: Options) => limits(release, options).kmallocMaxCache;
    assert.deepEqual(
      [
        cached('6.0', { CONFIG_SLAB: true }),
        cached('6.1', { CONFIG_SLAB: true }),
        cached('6.3', { CONFIG_SLOB: true }),
        cached('6.4', { CONFIG_SLOB: true }),
      ],
      [4 * MB, 8192, 4096, 8192],
    );
  });

  test('the smallest size: the alignment that DMA needs, and 32 with SLAB', () => {
    const smallest = (release: string, options: Options) => limits(release, options).kmallocMinSize;
    assert.deepEqual([smallest('6.7', { CONFIG_SLAB: true }), smallest('6.8', { CONFIG_SLAB: true })], [32, 8]);
    assert.deepEqual([smallest('6.4', { CONFIG_ARM64: true }), smallest('6.5', { CONFIG_ARM64: true })], [128, 8]);
    const riscv = { CONFIG_RISCV_DMA_NONCOHERENT: true };
    assert.deepEqual([smallest('6.5', riscv), smallest('6.6', riscv)], [64, 8]);
    const arm = (shift?: string) =>
      smallest('6.12', { CONFIG_ARM: true, ...(shift !== undefined && { CONFIG_ARM_L1_CACHE_SHIFT: shift }) });
    assert.deepEqual([arm(), arm('5'), arm('7'), arm('0'), arm('16'), arm('x')], [64, 32, 128, 64, 64, 64]);
    assert.deepEqual(
      [smallest('6.12', { CONFIG_MIPS: true, CONFIG_DMA_NONCOHERENT: true }), smallest('6.12', { CONFIG_MIPS: true })],
      [128, 8],
    );
    const ppc = (option: string) => smallest('6.12', { CONFIG_NOT_COHERENT_CACHE: true, [option]: true });
    assert.deepEqual([ppc('CONFIG_PPC_8xx'), ppc('CONFIG_PPC_47x'), ppc('CONFIG_44x')], [16, 128, 32]);
    assert.equal(smallest('6.12', { CONFIG_LOONGARCH: true }), 16);
  });
});

test('pointers of 4 bytes where the configuration says so', () => {
  assert.deepEqual([limits('6.12', { CONFIG_64BIT: false }).pointerSize, limits('6.12', { CONFIG_64BIT: true }).pointerSize], [4, 8]);
});

test('the slab allocator, as long as each of them existed', () => {
  const of = (release: string, options: Options) => allocatorOf(parseRelease(release)!, configOf(options));
  assert.deepEqual(
    [
      of('6.7', { CONFIG_SLAB: true }),
      of('6.8', { CONFIG_SLAB: true }),
      of('6.3', { CONFIG_SLOB: true }),
      of('6.4', { CONFIG_SLOB: true }),
      of('5.4', { CONFIG_SLAB: true, CONFIG_SLUB: true }),
      of('5.4', {}),
    ],
    ['SLAB', 'SLUB', 'SLOB', 'SLUB', 'SLUB', 'SLUB'],
  );
});
