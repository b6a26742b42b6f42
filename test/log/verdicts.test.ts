import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainFailure, readLog } from '../../server/src/log/index';
import { report, type Zone } from './madeUp';

function judged(header: string, zones: readonly Zone[], freePages = 1000) {
  const records = readLog(report(header, zones, { counters: { free: freePages } }));
  assert.equal(records.length, 1);
  return explainFailure(records[0]!);
}

const none: Zone['blocks'] = [];
const low: Zone = { name: 'Normal', free: 400, min: 400, low: 500, high: 600, blocks: [[100, 'U']] };

describe('the verdict follows from the numbers', () => {
  test('only the zones of the mask are printed: what lies free elsewhere is the difference to the counter', () => {
    const zones: Zone[] = [{ ...low, name: 'DMA32' }];
    // 400 kB are seen: another 404 are more than that, another 400 are not.
    const verdictWith = (freePages: number) => judged('order:0, mode:0xcc4(GFP_KERNEL|GFP_DMA32)', zones, freePages);
    assert.equal(verdictWith(201).verdict, 'zone-restricted');
    assert.match(JSON.stringify(verdictWith(201)), /404 kB lie free in zones that the mask excludes/);
    assert.notEqual(verdictWith(200).verdict, 'zone-restricted');
    assert.notEqual(verdictWith(100).verdict, 'zone-restricted');
    // A mask for any zone has no zones elsewhere.
    assert.notEqual(judged('order:0, mode:0xcc0(GFP_KERNEL)', [low], 100_000).verdict, 'zone-restricted');
  });

  test('a zone above that would have served it is named', () => {
    const rich: Zone = { name: 'Normal', free: 80_000, min: 400, low: 500, high: 600, blocks: [[20_000, 'U']] };
    const answer = judged('order:0, mode:0xcc4(GFP_KERNEL|GFP_DMA32)', [{ ...low, name: 'DMA32' }, rich]);
    assert.equal(answer.verdict, 'zone-restricted');
    assert.match(JSON.stringify(answer), /Normal.*80000 kB free/);
  });

  test('enough memory but no block of the order is fragmentation; below the watermark it is not', () => {
    const pieces: Zone = { name: 'Normal', free: 40_000, min: 400, low: 500, high: 600, blocks: [[10_000, 'UM']] };
    const answer = judged('order:3, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)', [pieces]);
    assert.equal(answer.verdict, 'fragmentation');
    assert.match(JSON.stringify(answer), /40000 kB free, largest usable block 4 kB, needed 32 kB/);
    assert.notEqual(
      judged('order:3, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)', [{ ...pieces, free: 400, blocks: [[100, 'UM']] }]).verdict,
      'fragmentation',
    );
    // Order 0 is never fragmented.
    assert.notEqual(judged('order:0, mode:0xcc0(GFP_KERNEL)', [{ ...low, blocks: none }]).verdict, 'fragmentation');
  });

  test('a few blocks of a high order, seen after the failure: compaction has just made them; many, or a low order, say nothing', () => {
    const zone = (order: number, count: number): Zone => {
      const blocks: [number, string][] = Array.from({ length: order }, () => [0, '']);
      return { name: 'Normal', free: 80_000, min: 400, low: 500, high: 600, blocks: [...blocks, [count, 'UM']] };
    };
    const verdict = (order: number, blockOrder: number, count: number, mode = '0x40cc0(GFP_KERNEL|__GFP_COMP)') =>
      judged(`order:${order}, mode:${mode}`, [zone(blockOrder, count)]).verdict;
    assert.equal(verdict(4, 4, 4), 'fragmentation');
    assert.equal(verdict(4, 4, 5), 'unknown');
    // Two blocks of twice the size are four, three are six.
    assert.deepEqual([verdict(4, 5, 2), verdict(4, 5, 3)], ['fragmentation', 'unknown']);
    assert.equal(verdict(3, 3, 4), 'unknown');
    // Who cannot reclaim has made no block.
    assert.equal(verdict(4, 4, 4, '0x40820(GFP_ATOMIC|__GFP_COMP)'), 'unknown');
  });

  test('zones at their low watermark: kswapd was behind', () => {
    const zone: Zone = { name: 'Normal', free: 500, min: 400, low: 500, high: 600, blocks: [[125, 'U']] };
    const answer = judged('order:0, mode:0xcc0(GFP_KERNEL)', [zone]);
    assert.equal(answer.verdict, 'watermark-reserve');
    assert.match(JSON.stringify(answer), /below its low watermark/);
    assert.equal(judged('order:0, mode:0xcc0(GFP_KERNEL)', [{ ...zone, free: 504 }]).verdict, 'unknown');
  });
});
