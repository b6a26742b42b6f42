import type { JudgedZone } from './explainZone';
import type { Verdict } from './explanation';
import type { FailureRecord } from './record';
import type { FailedRequest } from './request';
import { callChain } from './site';
import { type Entitlement, freeBlock, testWithRight, watermarkTest } from './watermark';
import { pageKbOf } from './zones';

export interface Judgement {
  readonly verdict: Verdict;
  readonly supports: readonly string[];
  readonly contradicts: readonly string[];
}

/** Everything the verdict rests on. */
export interface Case {
  readonly record: FailureRecord;
  readonly request: FailedRequest;
  readonly entitlement: Entitlement | undefined;
  readonly zones: readonly JudgedZone[];
}

/**
 * Why the request failed, found by asking what would have let it succeed: the right to CMA or high-atomic blocks, a higher zone, a single page
 * instead of a block, no watermark. The first that makes a zone pass names the reason.
 */
export function judge(one: Case): Judgement {
  const { record } = one;
  if (isVmallocSpace(record)) return vmallocJudgement(one);
  if (record.kind === 'oom' && isMemcg(record)) return memcgJudgement(record);
  const { entitlement } = one;
  const allowed = one.zones.filter((zone) => zone.allowed);
  const judged = allowed.filter((zone) => zone.test !== undefined);
  if (entitlement === undefined || judged.length === 0) return unknown(['the log has no zone with all numbers of the watermark test']);
  if (judged.some((zone) => zone.verdict === 'passes')) return passing(one, judged, entitlement);
  return (
    byCounterfactual(judged, entitlement, 'cma') ??
    byCounterfactual(judged, entitlement, 'highatomic') ??
    higherZone(one, entitlement) ??
    fragmented(one, judged, entitlement) ??
    lowOnMemory(one, judged, entitlement)
  );
}

function unknown(contradicts: readonly string[], supports: readonly string[] = []): Judgement {
  return { verdict: 'unknown', supports, contradicts };
}

export function zoneName(zone: JudgedZone): string {
  return zone.report.node === undefined ? zone.report.name : `node ${zone.report.node} ${zone.report.name}`;
}

/**
 * A right that would have let the request succeed. Where another zone has free memory in pieces only, that is the reason: a few closed blocks
 * elsewhere change little.
 */
function byCounterfactual(zones: readonly JudgedZone[], entitlement: Entitlement, right: 'cma' | 'highatomic'): Judgement | undefined {
  const passing = zones.filter((zone) => testWithRight(zone.numbers!, entitlement, right).passes);
  if (passing.length === 0 || zones.some((zone) => zone.verdict === 'fragmentation')) return undefined;
  const words = right === 'cma' ? 'CMA' : 'high-atomic';
  const supports = [`${passing.map(zoneName).join(', ')} would pass with the right to ${words} blocks, and no zone passes without`];
  return { verdict: `${right}-only`, supports, contradicts: [] };
}

/** A zone above those the mask allows would have served the request. */
function higherZone(one: Case, entitlement: Entitlement): Judgement | undefined {
  const names = one.request.mask?.flags ?? [];
  const restricted = names.includes('__GFP_DMA') || names.includes('__GFP_DMA32');
  const above = one.zones.filter(
    (zone) =>
      !zone.allowed && zone.numbers !== undefined && !one.zones.some((other) => other.allowed && other.report.name === zone.report.name),
  );
  const serving = above.filter((zone) => watermarkTest({ ...zone.numbers!, reserve: 0 }, entitlement).passes);
  if (serving.length > 0) {
    const free = serving.map((zone) => `${zoneName(zone)} has ${zone.report.fields.get('free')?.value} kB free`).join(', ');
    return { verdict: 'zone-restricted', supports: [`${free} and would pass, but the mask excludes it`], contradicts: [] };
  }
  if (!restricted) return undefined;
  // Kernels since 6.4 show only the zones the mask allows; the counters still cover the whole machine.
  const pageKb = pageKbOf(one.record.memory);
  const free = one.record.memory?.counters.get('free')?.value;
  const seen = one.zones.reduce((sum, zone) => sum + (zone.report.fields.get('free')?.value ?? 0), 0);
  if (free === undefined || above.length > 0) return undefined;
  const elsewhere = free * pageKb - seen;
  if (elsewhere <= seen) return undefined;
  return { verdict: 'zone-restricted', supports: [`${elsewhere} kB lie free in zones that the mask excludes`], contradicts: [] };
}

/** A zone has enough free memory for pages one by one, but no block of the order. */
function fragmented({ record }: Case, zones: readonly JudgedZone[], entitlement: Entitlement): Judgement | undefined {
  if (entitlement.order === 0) return undefined;
  // Where even all free memory in one piece would not do, moving pages together cannot help.
  const single = zones.filter((zone) => zone.test!.enoughFree && zone.test!.block !== 'yes');
  if (single.length === 0) return undefined;
  const pageKb = pageKbOf(record.memory);
  const supports = single.map((zone) => {
    const largest = largestOpen(zone, entitlement);
    return `${zoneName(zone)}: ${zone.report.fields.get('free')?.value} kB free, largest usable block ${largest === undefined ? 'unknown' : `${2 ** largest * pageKb} kB`}, needed ${2 ** entitlement.order * pageKb} kB`;
  });
  const contradicts = single.some((zone) => zone.test!.block === 'unknown') ? ['the block list of the log is incomplete'] : [];
  return { verdict: contradicts.length > 0 ? 'unknown' : 'fragmentation', supports, contradicts };
}

function hasBlock(zone: JudgedZone, entitlement: Entitlement): boolean {
  if (entitlement.byOrders) return zone.test!.block === 'yes';
  return freeBlock(zone.numbers!, entitlement) === 'yes';
}

function largestOpen(zone: JudgedZone, entitlement: Entitlement): number | undefined {
  for (let order = zone.numbers!.blocks.length - 1; order >= 0; order--)
    if (freeBlock({ blocks: zone.numbers!.blocks.slice(0, order + 1), complete: true }, { ...entitlement, order }) === 'yes') return order;
  return undefined;
}

/** All zones are at their watermarks: either the memory is used up, or what is free and reclaimable was out of this request's reach. */
function lowOnMemory(one: Case, zones: readonly JudgedZone[], entitlement: Entitlement): Judgement {
  const pageKb = pageKbOf(one.record.memory);
  const free = zones.reduce((sum, zone) => sum + zone.numbers!.free * pageKb, 0);
  const high = zones.reduce((sum, zone) => sum + (zone.report.fields.get('high')?.value ?? zone.numbers!.min * pageKb), 0);
  const reclaimable = reclaimableKb(one.record);
  const mayReclaim = one.request.mask?.mayBlock === true && !one.request.reclaiming && one.record.kind === 'oom';
  const reserved = zones.filter((zone) => hasBlock(zone, entitlement));
  const supports = [
    `${zones.length === 1 ? 'the zone is' : `all ${zones.length} zones are`} refused by the watermark test, with ${free} kB free`,
  ];
  if (reclaimable === undefined)
    return { verdict: 'watermark-reserve', supports, contradicts: ['the log does not say how much could be reclaimed'] };
  const words = `${reclaimable} kB of page cache and slab could be reclaimed`;
  if (reclaimable > 2 * high && !mayReclaim && reserved.length > 0 && entitlement.floor > 0)
    return { verdict: 'watermark-reserve', supports: [...supports, `${words}, but not by this request in time`], contradicts: [] };
  if (reclaimable > 2 * high) return { verdict: 'exhaustion', supports, contradicts: [words] };
  return { verdict: 'exhaustion', supports: [...supports, `only ${words}`], contradicts: [] };
}

/** File pages and reclaimable slab, kB; undefined when the log has no counters. */
export function reclaimableKb(record: FailureRecord): number | undefined {
  const counters = record.memory?.counters;
  const names = ['active_file', 'inactive_file', 'slab_reclaimable'];
  if (counters === undefined || names.some((name) => !counters.has(name))) return undefined;
  return names.reduce((sum, name) => sum + counters.get(name)!.value, 0) * pageKbOf(record.memory);
}

/** By the printed numbers a zone would serve the request: they were read after it had failed. */
function passing({ record, request }: Case, zones: readonly JudgedZone[], entitlement: Entitlement): Judgement {
  const open = zones.filter((zone) => zone.verdict === 'passes');
  const contradicts = open.map((zone) => `${zoneName(zone)} would pass by the printed numbers; they were read after the failure`);
  const pageKb = pageKbOf(record.memory);
  const belowLow = zones.every((zone) => {
    const low = zone.report.fields.get('low')?.value;
    return low !== undefined && zone.test!.usable * pageKb <= low + zone.test!.reserve * pageKb;
  });
  if (entitlement.floor === 0)
    return { verdict: 'exhaustion', supports: ['the task reclaims memory itself and may use the last page: there was none'], contradicts };
  if (belowLow)
    return { verdict: 'watermark-reserve', supports: ['every zone is below its low watermark: kswapd was behind'], contradicts };
  const tight = entitlement.order > 3 && request.mask?.mayBlock === true && !open.some((zone) => comfortable(zone, entitlement));
  if (tight)
    return {
      verdict: 'fragmentation',
      supports: [`blocks of order ${entitlement.order} are rare: reclaim or compaction made the few that are listed`],
      contradicts,
    };
  return unknown(contradicts);
}

/** More than a few blocks of the order or above. */
function comfortable(zone: JudgedZone, { order }: Entitlement): boolean {
  const blocks = zone.numbers!.blocks.slice(order).reduce((sum, one, above) => sum + one.count * 2 ** above, 0);
  return blocks > 4;
}

/** vmalloc itself reported, not the page allocator below it. */
export function isVmallocSpace(record: FailureRecord): boolean {
  if (record.kind === 'vmalloc')
    return record.header.allocatedBytes === undefined && !/failed to allocate pages/.test(record.header.reason?.value ?? '');
  if (record.kind !== 'page') return false;
  const chain = callChain(record.trace);
  const report = chain.findIndex((name) => name.startsWith('warn_alloc'));
  return report >= 0 && /^_*vmalloc|^_*get_vm_area/.test(chain[report + 1] ?? '');
}

function vmallocJudgement({ record, zones }: Case): Judgement {
  const passing = zones.filter((zone) => zone.verdict === 'passes').map(zoneName);
  const supports = ['vmalloc reported the failure itself, not the page allocator below it'];
  if (passing.length > 0) supports.push(`pages were there: ${passing.join(', ')} would pass`);
  if (record.kind === 'page')
    return {
      verdict: 'vmalloc-space',
      supports,
      contradicts: ['the line with the size is missing: a size that can never fit, or a signal, looks the same'],
    };
  return { verdict: 'vmalloc-space', supports, contradicts: [] };
}

export function isMemcg(record: FailureRecord): boolean {
  const { oom } = record;
  if (oom?.constraint !== undefined) return oom.constraint.value === 'CONSTRAINT_MEMCG';
  return oom?.memcg !== undefined || callChain(record.trace).some((name) => name.startsWith('mem_cgroup_out_of_memory'));
}

function memcgJudgement({ oom }: FailureRecord): Judgement {
  const group = oom?.memcg === undefined ? 'a memory control group' : `the memory control group ${oom.memcg.value}`;
  const numbers =
    oom?.memcgUsage === undefined || oom.memcgLimit === undefined ? '' : `: ${oom.memcgUsage.value} kB used of ${oom.memcgLimit.value} kB`;
  return {
    verdict: 'exhaustion',
    supports: [`${group} is at its limit${numbers}; the memory of the machine does not matter`],
    contradicts: [],
  };
}
