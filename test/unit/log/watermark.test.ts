import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkWatermark, loadModel } from '../../../server/src/kernel/index';
import { type Entitlement, freeBlock, testWithRight, watermarkTest, type ZoneNumbers } from '../../../server/src/log/watermark';

const model = loadModel({ release: { major: 6, minor: 1, patch: undefined } });
const request = (changes: Partial<Entitlement>): Entitlement => ({
  model,
  order: 0,
  allocFlags: ['ALLOC_CPUSET'],
  floor: 1,
  highatomic: false,
  cma: false,
  byOrders: false,
  ...changes,
});
const zone = (changes: Partial<ZoneNumbers>): ZoneNumbers => ({
  free: 1000,
  min: 100,
  reserve: 0,
  highatomic: 0,
  freeCma: 0,
  blocks: [],
  complete: true,
  ...changes,
});
const blocks = (...types: readonly (string | undefined)[]) =>
  types.map((one) => ({ count: one === '' ? 0 : 1, types: one === '' ? undefined : one }));

describe('the watermark test on the numbers of a log', () => {
  test('agrees with the model wherever the log names the lists', () => {
    const small = fc.nat({ max: 2000 });
    fc.assert(
      fc.property(
        fc.record({ free: small, min: small, reserve: small, highatomic: small, freeCma: small }),
        fc.array(fc.constantFrom('', 'U', 'M', 'E', 'UME', 'H', 'C', 'HC', 'UMEHC'), { minLength: 11, maxLength: 11 }),
        fc.nat({ max: 10 }),
        fc.constantFrom(
          [[], 1],
          [['ALLOC_MIN_RESERVE'], 0.5],
          [['ALLOC_MIN_RESERVE', 'ALLOC_NON_BLOCK', 'ALLOC_HIGHATOMIC'], 0.375],
          [['ALLOC_CMA'], 1],
        ) as fc.Arbitrary<[string[], number]>,
        (numbers, types, order, [allocFlags, floor]) => {
          const areas = types.map((one) => ({
            unmovable: one.includes('U') ? 1 : 0,
            movable: one.includes('M') ? 1 : 0,
            reclaimable: one.includes('E') ? 1 : 0,
            highatomic: one.includes('H') ? 1 : 0,
            cma: one.includes('C') ? 1 : 0,
          }));
          const wanted = checkWatermark(
            model,
            {
              free: numbers.free,
              mark: numbers.min,
              lowmemReserve: numbers.reserve,
              highatomic: numbers.highatomic,
              freeCma: numbers.freeCma,
              areas,
            },
            { order, allocFlags },
          );
          const mine = watermarkTest(
            zone({ ...numbers, blocks: blocks(...types) }),
            request({
              order,
              allocFlags,
              floor,
              cma: allocFlags.includes('ALLOC_CMA'),
              highatomic: allocFlags.includes('ALLOC_HIGHATOMIC'),
            }),
          );
          assert.equal(mine.passes, wanted.ok);
          if (!wanted.ok) assert.deepEqual([mine.usable, mine.floor + mine.reserve], [wanted.usable, wanted.needed]);
          assert.equal(mine.usable, numbers.free - mine.splitting - mine.highatomic - mine.cma);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('why no block serves: none, closed lists, an incomplete list', () => {
    const answer = (changes: Partial<ZoneNumbers>) => freeBlock(zone(changes), request({ order: 2 }));
    assert.equal(answer({ blocks: blocks('U', 'U', '', '') }), 'none');
    assert.equal(answer({ blocks: blocks('U', 'U', 'C', '') }), 'cma');
    assert.equal(answer({ blocks: blocks('U', 'U', 'H', '') }), 'highatomic');
    assert.equal(answer({ blocks: blocks('U', 'U', '', 'I') }), 'isolated');
    assert.equal(answer({ blocks: blocks('U', 'U', '', 'ME') }), 'yes');
    assert.equal(answer({ blocks: blocks('U', 'U', undefined) }), 'unknown');
    assert.equal(answer({ blocks: blocks('U', 'U'), complete: false }), 'unknown');
  });

  test('a right that was missing', () => {
    const cma = zone({ freeCma: 950, blocks: blocks('U', '', 'C') });
    assert.equal(watermarkTest(cma, request({ order: 2 })).passes, false);
    assert.equal(testWithRight(cma, request({ order: 2 }), 'cma').passes, true);
    assert.equal(testWithRight(cma, request({ order: 2 }), 'highatomic').passes, false);
  });

  test('without a watermark the lists decide, also for a single page', () => {
    assert.equal(watermarkTest(zone({ free: 5, blocks: blocks('U') }), request({ floor: 0 })).passes, true);
    assert.equal(watermarkTest(zone({ free: 5, blocks: blocks('') }), request({ floor: 0 })).block, 'none');
  });

  test('before 4.4 the pages of smaller blocks do not count', () => {
    const small = zone({
      free: 200,
      min: 100,
      blocks: [
        { count: 180, types: undefined },
        { count: 10, types: undefined },
      ],
    });
    assert.equal(watermarkTest(small, request({ order: 1, byOrders: true })).block, 'none');
    const large = zone({
      free: 200,
      min: 100,
      blocks: [
        { count: 100, types: undefined },
        { count: 50, types: undefined },
      ],
    });
    assert.equal(watermarkTest(large, request({ order: 1, byOrders: true })).block, 'yes');
  });
});
