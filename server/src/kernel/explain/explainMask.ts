import type { KernelModel } from '../model';
import { formatRelease } from '../release';
import type { MaskExplanation, MaskQuery } from './explanation';
import { kmallocOrder, kmallocPlacement } from './kmalloc';
import { mayKill } from './oomKiller';
import { problemsOf } from './problems';
import { Request } from './request';
import { reserveAccess } from './reserve';
import type { ScopeWord } from './scopes';
import { underScope } from './scopes';
import { failureOf, slowPath } from './slowPath';
import { migratetypeOf, zoneOf } from './zone';

/** What the allocator of this kernel does with a mask: the one answer behind `gfp-lens mask`, hovers and log explanations. */
export function explainMask(model: KernelModel, asked: MaskQuery): MaskExplanation {
  const query = withOrder(model, asked);
  const request = new Request(model, bitsInContext(model, query), query);
  const written = new Request(model, query.bits, query);
  const number = query.number ?? model.numbers.preferred.toNumber(query.bits);
  const unknownBits = query.unknownBits ?? 0;
  const reserve = reserveAccess(request);
  const zone = zoneOf(request);
  const under = (scope: ScopeWord) => hex(numberOf(model, underScope(model, query.bits, scope), unknownBits));
  return {
    kernel: formatRelease(model.release),
    input: query.input,
    hex: hex(number),
    ...(query.readings === undefined || query.readings.length < 2 ? {} : { readings: query.readings }),
    flags: model.flags.names.filter((_, index) => (query.bits & (1 << index)) !== 0),
    canonical: model.numbers.preferred.print(number),
    unknownBits: hex(unknownBits),
    mayBlock: request.mayBlock,
    wakesKswapd: request.has('__GFP_KSWAPD_RECLAIM'),
    mayIO: request.mayBlock && request.has('__GFP_IO'),
    mayFS: request.mayBlock && request.has('__GFP_FS'),
    zone: zone.zone,
    zoneLegal: zone.legal,
    migratetype: migratetypeOf(request),
    allocFlags: reserve.allocFlags,
    reserveFloor: reserve.floor,
    highatomic: reserve.highatomic,
    cma: reserve.cma,
    oomKiller: mayKill(request),
    ...failureOf(request, reserve),
    effective: { nofs: under('nofs'), noio: under('noio'), pin: under('pin') },
    ...(query.size === undefined ? {} : { kmalloc: kmallocPlacement(written, query.size) }),
    path: slowPath(request, reserve),
    problems: problemsOf(request, query.size, unknownBits),
  };
}

/** A size without an order is a kmalloc() that may reach the page allocator. */
function withOrder(model: KernelModel, query: MaskQuery): MaskQuery {
  if (query.order !== undefined || query.size === undefined) return query;
  return { ...query, order: kmallocOrder(model.limits, query.size) };
}

/** The mask after the scopes of the context. */
function bitsInContext(model: KernelModel, query: MaskQuery): number {
  const scopes: readonly ScopeWord[] = ['noio', 'nofs', 'pin'];
  return scopes.filter((scope) => query.context?.includes(scope)).reduce((bits, scope) => underScope(model, bits, scope), query.bits);
}

function numberOf(model: KernelModel, bits: number, unknownBits: number): number {
  return (model.numbers.preferred.toNumber(bits) | unknownBits) >>> 0;
}

function hex(number: number): string {
  return `0x${(number >>> 0).toString(16)}`;
}
