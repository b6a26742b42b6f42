import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  checkWatermark,
  configOf,
  defaultMinFreeKbytes,
  hugePageMinFreeKbytes,
  loadModel,
  lowmemReserves,
  parseRelease,
  type WatermarkRequest,
  type ZoneSize,
  type ZoneState,
  zoneWatermarks,
} from '../../../server/src/kernel/index';

const of = (release: string) => parseRelease(release)!;

test('min_free_kbytes of a machine', () => {
  assert.equal(defaultMinFreeKbytes(of('6.1'), 16 * 1024 * 1024), 16384);
  assert.equal(defaultMinFreeKbytes(of('6.1'), 4096), 256);
  assert.equal(defaultMinFreeKbytes(of('6.1'), 100), 128);
  assert.deepEqual([defaultMinFreeKbytes(of('5.4'), 2 ** 31), defaultMinFreeKbytes(of('5.8'), 2 ** 35)], [65536, 262144]);
  // DMA, DMA32 and Normal with blocks of 2 MiB: 3 zones, 11 blocks each.
  assert.equal(hugePageMinFreeKbytes({ zones: 3, lowmemPages: 4_000_000, pageblockPages: 512 }), 3 * 11 * 2048);
  assert.equal(hugePageMinFreeKbytes({ zones: 3, lowmemPages: 100_000, pageblockPages: 512 }), 5000 * 4);
});

/** Zones and marks of a 64-bit machine with 16 GB as /proc/zoneinfo shows them with min_free_kbytes 67584. */
const ZONES: readonly ZoneSize[] = [
  { name: 'DMA', managedPages: 3840 },
  { name: 'DMA32', managedPages: 640_000 },
  { name: 'Normal', managedPages: 3_400_000 },
  { name: 'Movable', managedPages: 0 },
];

test('watermarks: shares of min_free_kbytes, and gaps of at least a quarter of the share or the scale factor', () => {
  const marks = zoneWatermarks(of('6.12'), ZONES, { minFreeKbytes: 67_584 });
  assert.deepEqual(marks[0], { min: 16, low: 20, high: 24, promo: 28 });
  assert.deepEqual(marks[2], { min: 14_205, low: 14_205 + 3551, high: 14_205 + 2 * 3551, promo: 14_205 + 3 * 3551 });
  const wide = zoneWatermarks(of('6.12'), ZONES, { minFreeKbytes: 67_584, scaleFactor: 100 });
  assert.equal(wide[2]!.low - wide[2]!.min, 34_000);
  const old = zoneWatermarks(of('4.4'), ZONES, { minFreeKbytes: 67_584, scaleFactor: 100 });
  assert.deepEqual(old[2], { min: 14_205, low: 14_205 + 3551, high: 14_205 + 7102, promo: undefined });
});

test('zones the kernel does not use for itself get a small min', () => {
  const zones: ZoneSize[] = [
    { name: 'Normal', managedPages: 200_000 },
    { name: 'HighMem', managedPages: 600_000 },
    { name: 'Movable', managedPages: 100_000 },
  ];
  const before = zoneWatermarks(of('6.1'), zones, { minFreeKbytes: 4096 });
  const after = zoneWatermarks(of('6.6'), zones, { minFreeKbytes: 4096 });
  assert.deepEqual([before[0]!.min, before[1]!.min, before[2]!.min], [682, 128, 341]);
  assert.deepEqual([after[0]!.min, after[1]!.min, after[2]!.min], [1024, 128, 97]);
});

test('lowmem_reserve: what lies above, divided by the ratio of the zone', () => {
  assert.deepEqual(lowmemReserves(ZONES), [
    [0, 2500, 15_781, 15_781],
    [0, 0, 13_281, 13_281],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
});

const zone = (state: Partial<ZoneState>): ZoneState => ({
  free: 10_000,
  mark: 1000,
  lowmemReserve: 0,
  highatomic: 0,
  freeCma: 0,
  areas: [],
  ...state,
});
const passes = (release: string, state: ZoneState, request: WatermarkRequest) =>
  checkWatermark(loadModel({ release: of(release) }), state, request).ok;

test('the check: mark, lowmem reserve, block, high-atomic pages and CMA', () => {
  const plain = { order: 0, allocFlags: ['ALLOC_CPUSET'] };
  const verdict = (state: Partial<ZoneState>, request: WatermarkRequest = plain) => passes('6.12', zone(state), request);
  assert.deepEqual([verdict({ free: 1001 }), verdict({ free: 1000 })], [true, false]);
  assert.deepEqual([verdict({ free: 1501, lowmemReserve: 500 }), verdict({ free: 1500, lowmemReserve: 500 })], [true, false]);
  assert.deepEqual([verdict({ free: 1500, highatomic: 500 }), verdict({ free: 1501, highatomic: 500 })], [false, true]);
  assert.deepEqual(
    [verdict({ free: 1500, freeCma: 500 }), verdict({ free: 1500, freeCma: 500 }, { order: 0, allocFlags: ['ALLOC_CMA'] })],
    [false, true],
  );
  const atomic = ['ALLOC_MIN_RESERVE', 'ALLOC_NON_BLOCK'];
  assert.deepEqual(
    [verdict({ free: 376 }, { order: 0, allocFlags: atomic }), verdict({ free: 375 }, { order: 0, allocFlags: atomic })],
    [true, false],
  );
  assert.equal(verdict({ free: 0 }, { order: 0, allocFlags: ['ALLOC_NO_WATERMARKS'] }), true);
});

test('above order 0 a list the request may use must hold a block', () => {
  const request = (...allocFlags: string[]) => ({ order: 2, allocFlags });
  const lists = (release: string, area: object, ...flags: string[]) =>
    passes(release, zone({ areas: [{ movable: 500 }, {}, {}, area] }), request(...flags));
  assert.equal(lists('6.12', {}), false);
  assert.equal(lists('6.12', { unmovable: 1 }), true);
  assert.deepEqual([lists('6.12', { highatomic: 1 }), lists('6.12', { highatomic: 1 }, 'ALLOC_HIGHATOMIC')], [false, true]);
  assert.deepEqual([lists('6.12', { cma: 1 }), lists('6.12', { cma: 1 }, 'ALLOC_CMA')], [false, true]);
  assert.deepEqual([lists('4.14', { cma: 1 }, 'ALLOC_HARDER'), lists('4.15', { cma: 1 }, 'ALLOC_HARDER')], [true, false]);
  assert.deepEqual([lists('4.9.60', { cma: 1 }, 'ALLOC_HARDER'), lists('4.9.115', { cma: 1 }, 'ALLOC_HARDER')], [true, false]);
  const verdict = checkWatermark(loadModel({ release: of('6.12') }), zone({ free: 5000 }), request());
  assert.deepEqual(verdict, { ok: false, reason: 'no-block', usable: 4997, needed: 1000 });
});

test('a kernel without CMA leaves no CMA pages out', () => {
  const model = loadModel({ release: of('6.12'), config: configOf({ CONFIG_MMU: true }) });
  assert.equal(checkWatermark(model, zone({ free: 1100, freeCma: 500 }), { order: 0, allocFlags: [] }).ok, true);
});

test('more free memory never fails what less passed', () => {
  const model = loadModel({ release: of('6.1') });
  const flags = fc.subarray(['ALLOC_MIN_RESERVE', 'ALLOC_NON_BLOCK', 'ALLOC_CMA', 'ALLOC_OOM']);
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), fc.nat(3000), flags, (free, more, mark, allocFlags) => {
      const ok = (pages: number) =>
        checkWatermark(model, zone({ free: pages, mark, highatomic: 100, freeCma: 100 }), { order: 0, allocFlags }).ok;
      assert.ok(!ok(free) || ok(free + more));
    }),
  );
});

test('the scale factor counts since 4.6', () => {
  const gap = (release: string) => {
    const [, , normal] = zoneWatermarks(of(release), ZONES, { minFreeKbytes: 67_584, scaleFactor: 100 });
    return normal!.low - normal!.min;
  };
  assert.deepEqual(['4.5', '4.6', '5.4'].map(gap), [3551, 34_000, 34_000]);
  // Until 4.5 the high mark was the min with half of the share, rounded once: 7 pages make 3, not 2 * 1.
  const high = (release: string) => zoneWatermarks(of(release), [{ name: 'Normal', managedPages: 1000 }], { minFreeKbytes: 28 })[0]!.high;
  assert.deepEqual(['4.5', '4.6', '5.4'].map(high), [10, 9, 9]);
});

test('the boot value that huge pages and a machine without low memory lead to', () => {
  const highmem = (managedPages: number) =>
    zoneWatermarks(of('6.12'), [{ name: 'HighMem', managedPages }], { minFreeKbytes: 4096 })[0]?.min;
  assert.deepEqual([highmem(200_000), highmem(100 * 1024)], [128, 100]);
  assert.deepEqual(zoneWatermarks(of('6.12'), [{ name: 'HighMem', managedPages: 10_000 }], { minFreeKbytes: 4096 })[0]?.min, 32);
});

test('what is below one page of reserve is none', () => {
  const zones = (normal: number): ZoneSize[] => [
    { name: 'DMA', managedPages: 3840 },
    { name: 'Normal', managedPages: normal },
  ];
  assert.deepEqual(
    [lowmemReserves(zones(255))[0], lowmemReserves(zones(256))[0]],
    [
      [0, 0],
      [0, 1],
    ],
  );
  assert.deepEqual(
    lowmemReserves([
      { name: 'DMA', managedPages: 0 },
      { name: 'Normal', managedPages: 100_000 },
    ])[0],
    [0, 0],
  );
  assert.deepEqual(
    lowmemReserves([
      { name: 'HighMem', managedPages: 100 },
      { name: 'Movable', managedPages: 100_000 },
    ])[0],
    [0, 0],
  );
});

test('a task that the OOM killer chose may take half of what is left', () => {
  const zone: ZoneState = { free: 100, highatomic: 0, freeCma: 0, mark: 100, lowmemReserve: 0, areas: [{ unmovable: 100 }] };
  const least = (release: string, allocFlags: readonly string[]) => {
    const model = loadModel({ release: of(release), config: configOf({ CONFIG_CMA: false }) });
    for (let free = 0; ; free++) if (checkWatermark(model, { ...zone, free }, { order: 0, allocFlags }).ok) return free;
  };
  // The mark itself is not enough; min / 2, then a quarter or a half off that.
  assert.deepEqual(
    [least('6.12', []), least('6.12', ['ALLOC_OOM']), least('6.12', ['ALLOC_MIN_RESERVE', 'ALLOC_NON_BLOCK'])],
    [101, 51, 39],
  );
  assert.deepEqual(
    [
      least('6.1.38', []),
      least('6.1.38', ['ALLOC_OOM']),
      least('6.1.38', ['ALLOC_HARDER']),
      least('6.1.38', ['ALLOC_HIGH', 'ALLOC_HARDER']),
    ],
    [101, 51, 76, 39],
  );
  assert.equal(least('6.1.38', ['ALLOC_HIGH', 'ALLOC_OOM']), 26);
});

test('pages of CMA count for movable requests only, and blocks of it where there are any', () => {
  const model = loadModel({ release: of('6.12'), config: configOf({ CONFIG_CMA: true }) });
  const zone: ZoneState = { free: 200, highatomic: 0, freeCma: 100, mark: 100, lowmemReserve: 0, areas: [{}, { cma: 5 }] };
  const verdict = (order: number, flags: readonly string[], changed: Partial<ZoneState> = {}) => {
    const answer = checkWatermark(model, { ...zone, ...changed }, { order, allocFlags: flags });
    return answer.ok ? 'ok' : answer.reason;
  };
  assert.deepEqual([verdict(0, []), verdict(0, ['ALLOC_CMA'])], ['free-pages', 'ok']);
  assert.deepEqual(
    [verdict(0, [], { free: 201 }), verdict(0, ['ALLOC_CMA'], { free: 101 }), verdict(0, ['ALLOC_CMA'], { free: 100 })],
    ['ok', 'ok', 'free-pages'],
  );
  assert.deepEqual([verdict(1, ['ALLOC_CMA']), verdict(1, ['ALLOC_CMA'], { areas: [{}, {}] })], ['ok', 'no-block']);
});
