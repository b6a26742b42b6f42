import { isBefore, parseRelease } from '../kernel/index';
import type { BuddyCount, ZoneExplanation, ZoneVerdict } from './explanation';
import type { FailureRecord, ZoneReport } from './record';
import type { FailedRequest } from './request';
import { sizeWords } from './summary';
import { type Entitlement, isOpen, type WatermarkTest, watermarkTest, type ZoneNumbers } from './watermark';
import { nodeAllowed, pageKbOf, rankOf, topZoneOf, zoneLayout } from './zones';

/** One zone with the numbers of its test, for words and for what-if questions. */
export interface JudgedZone {
  readonly report: ZoneReport;
  readonly allowed: boolean;
  /** Absent when a number that the test needs is missing. */
  readonly numbers: ZoneNumbers | undefined;
  readonly test: WatermarkTest | undefined;
  readonly verdict: ZoneVerdict;
}

/** What the mask entitles the request to. */
export function entitlementOf(record: FailureRecord, request: FailedRequest): Entitlement | undefined {
  const { mask, order } = request;
  if (mask === undefined || order === undefined) return undefined;
  const release = record.machine.kernel === undefined ? undefined : parseRelease(record.machine.kernel.value);
  return {
    model: request.model,
    order,
    allocFlags: mask.allocFlags,
    floor: mask.reserveFloor,
    highatomic: mask.highatomic,
    cma: mask.cma,
    byOrders: release !== undefined && isBefore(release, 4, 4),
  };
}

export function judgeZone(
  zone: ZoneReport,
  record: FailureRecord,
  request: FailedRequest,
  entitlement: Entitlement | undefined,
): JudgedZone {
  const memory = record.memory!;
  const layout = zoneLayout(memory);
  const top = request.mask === undefined ? undefined : topZoneOf(request.mask.flags, layout);
  const allowed =
    !isEmpty(zone) && (top === undefined || (rankOf(zone.name) <= rankOf(top) && nodeAllowed(record, request, zone.node ?? 0)));
  const numbers = top === undefined ? undefined : numbersOf(zone, layout, top, pageKbOf(memory));
  const test = numbers === undefined || entitlement === undefined ? undefined : watermarkTest(numbers, entitlement);
  return { report: zone, allowed, numbers, test, verdict: allowed ? verdictOf(test, entitlement) : 'not-allowed' };
}

/** Kernels of all ages skip zones without memory; old ones printed them. */
function isEmpty({ fields }: ZoneReport): boolean {
  return (fields.get('managed') ?? fields.get('present'))?.value === 0;
}

function verdictOf(test: WatermarkTest | undefined, entitlement: Entitlement | undefined): ZoneVerdict {
  if (test === undefined) return 'unknown';
  if (!test.enoughFree) return 'watermark';
  if (test.passes) return 'passes';
  if (entitlement?.order === 0 && test.block === 'none') return 'exhaustion';
  const words = {
    yes: 'passes',
    none: 'fragmentation',
    cma: 'cma-only',
    highatomic: 'highatomic-only',
    isolated: 'isolated',
    unknown: 'unknown',
  } as const;
  return words[test.block];
}

/** The zone in pages; undefined when the log lacks free, min or the reserve. */
function numbersOf(zone: ZoneReport, layout: readonly string[], top: string, pageKb: number): ZoneNumbers | undefined {
  const pages = (name: string) => {
    const kb = zone.fields.get(name)?.value;
    return kb === undefined ? undefined : Math.trunc(kb / pageKb);
  };
  const free = pages('free');
  const min = pages('min');
  const reserves = zone.lowmemReserve?.value ?? [];
  // With more numbers than zones nobody can say whose number is whose.
  const reserve = reserves.length > layout.length ? undefined : reserves[layout.indexOf(top)];
  if (free === undefined || min === undefined || reserve === undefined) return undefined;
  const blocks = (zone.buddy?.cells ?? []).map(({ count, types }) => ({ count, types }));
  return {
    free,
    min,
    reserve,
    highatomic: pages('free_highatomic') ?? pages('reserved_highatomic') ?? 0,
    freeCma: pages('free_cma') ?? 0,
    blocks,
    complete: zone.buddy?.total !== undefined,
  };
}

/** The zone for people and for JSON. */
export function describeZone(
  judged: JudgedZone,
  record: FailureRecord,
  entitlement: Entitlement | undefined,
  pageKb: number,
): ZoneExplanation {
  const { report, test, numbers } = judged;
  const kb = (name: string) => report.fields.get(name)?.value;
  const pages = (count: number | undefined) => (count === undefined ? undefined : count * pageKb);
  return {
    node: report.node,
    zone: report.name,
    line: report.line,
    allowed: judged.allowed,
    free: kb('free'),
    boost: kb('boost'),
    min: kb('min'),
    low: kb('low'),
    high: kb('high'),
    managed: kb('managed') ?? kb('present'),
    cma: kb('free_cma'),
    highatomic: kb('free_highatomic') ?? kb('reserved_highatomic'),
    reserve: pages(numbers?.reserve),
    floor: pages(test?.floor),
    usable: pages(test?.usable),
    buddy: buddyOf(report, entitlement),
    verdict: judged.verdict,
    reason: record.kind === 'state' || record.kind === 'memory' ? blocksOnly(report, pageKb) : reasonOf(judged, entitlement, pageKb),
  };
}

/** The line for a zone of a machine of which no request is known. */
function blocksOnly(report: ZoneReport, pageKb: number): string {
  const cells = report.buddy?.cells ?? [];
  if (cells.length === 0) return 'its blocks are not in the text';
  const largest = cells.findLastIndex((cell) => cell.count > 0);
  const free = cells.reduce((sum, cell) => sum + cell.count * cell.blockKb, 0);
  return largest < 0
    ? 'no free block'
    : `${free} kB free in blocks up to order ${largest} (${sizeWords(cells[largest]!.blockKb)}), with pages of ${pageKb} kB`;
}

function buddyOf(report: ZoneReport, entitlement: Entitlement | undefined): readonly BuddyCount[] {
  return (report.buddy?.cells ?? []).map((cell, order) => ({
    order,
    count: cell.count,
    blockKb: cell.blockKb,
    types: cell.types ?? null,
    open: cell.types === undefined || entitlement === undefined || isOpen(cell.types, entitlement),
  }));
}

function reasonOf({ allowed, test, verdict, report }: JudgedZone, entitlement: Entitlement | undefined, pageKb: number): string {
  if (!allowed) return isEmpty(report) ? 'the zone has no memory' : 'the mask or the allowed nodes exclude this zone';
  if (test === undefined || entitlement === undefined)
    return `cannot be judged: ${absent(report, entitlement).join(', ')} missing in the log`;
  const arithmetic = arithmeticOf(test, entitlement, report, pageKb);
  switch (verdict) {
    case 'watermark':
      return `refused by the watermark: ${arithmetic}`;
    case 'passes':
      return `would pass by these numbers: ${arithmetic}`;
    case 'fragmentation':
      return `watermark passed (${arithmetic}), but no free block of order ${entitlement.order} or above`;
    case 'cma-only':
      return `watermark passed (${arithmetic}), but the blocks of order ${entitlement.order} and above are all CMA, which this request may not use`;
    case 'highatomic-only':
      return `watermark passed (${arithmetic}), but the blocks of order ${entitlement.order} and above are all kept for high-order atomic requests`;
    case 'exhaustion':
      return `no free page left on its lists (${arithmetic})`;
    case 'isolated':
      return `watermark passed (${arithmetic}), but the blocks of order ${entitlement.order} and above are isolated`;
    default:
      return `watermark passed (${arithmetic}); the log does not say which blocks of order ${entitlement.order} were free`;
  }
}

function absent(report: ZoneReport, entitlement: Entitlement | undefined): readonly string[] {
  const names = ['free', 'min'].filter((name) => !report.fields.has(name));
  if (report.lowmemReserve === undefined) names.push('lowmem_reserve');
  if (entitlement === undefined) names.push('order or mode of the request');
  return names.length === 0 ? ['the place of the zone in lowmem_reserve'] : names;
}

/** `free 53372 - 60 (rest of the block) - 2016 (high-atomic) = 51296 kB > 36236 (min) + 15816 (lowmem reserve) kB`. */
function arithmeticOf(test: WatermarkTest, { floor }: Entitlement, report: ZoneReport, pageKb: number): string {
  if (floor === 0) return `free ${report.fields.get('free')?.value} kB, no watermark for a task that reclaims itself`;
  const kb = (pages: number) => `${pages * pageKb}`;
  const taken = [
    [test.splitting, 'rest of the block'],
    [test.highatomic, 'high-atomic'],
    [test.cma, 'CMA'],
  ] as const;
  const minus = taken.filter(([pages]) => pages > 0).map(([pages, name]) => ` - ${kb(pages)} (${name})`);
  const left =
    minus.length === 0 ? `free ${kb(test.usable)}` : `free ${report.fields.get('free')?.value}${minus.join('')} = ${kb(test.usable)}`;
  const part = floor === 1 ? 'min' : `${floor * 100} % of min`;
  const reserve = test.reserve > 0 ? ` + ${kb(test.reserve)} (lowmem reserve)` : '';
  return `${left} kB ${test.enoughFree ? '>' : '<='} ${kb(test.floor)} (${part})${reserve} kB`;
}
