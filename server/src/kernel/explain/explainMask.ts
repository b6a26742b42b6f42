import type { KernelModel } from '../model';
import type { MaskExplanation, MaskInContext, MaskQuery, MaskReading, NestedMask } from './explanation';
import { failureOf } from './failure';
import { kmallocOrder, kmallocPlacement } from './kmalloc';
import { kvmallocPlan } from './kvmalloc';
import { flagNames } from './lists';
import { mayKill } from './oomKiller';
import { nestedRequests } from './otherAllocators';
import { problemsOf } from './problems';
import { Request, sanitised } from './request';
import { reserveAccess } from './reserve';
import type { ScopeWord } from './scopes';
import { underContext, underScope } from './scopes';
import { slowPath } from './slowPath';
import { fallbackZones, migratetypeOf, zoneOf } from './zone';

const NUMBERS_ONLY = 'this kernel prints masks as numbers: names came with 4.6';

/** What the allocator of this kernel does with a mask: the one answer behind `gfp-lens mask`, hovers and log explanations. */
export function explainMask(model: KernelModel, query: MaskQuery): MaskExplanation {
  const order = query.order ?? (query.size === undefined ? 0 : kmallocOrder(model.limits, query.size));
  const written = new Request(model, query.bits, order, query.context);
  const bits = underContext(model, query.bits, query.context);
  const request = bits === query.bits ? written : new Request(model, bits, order, query.context);
  const number = query.number ?? model.numbers.preferred.toNumber(query.bits);
  const unknownBits = query.unknownBits ?? 0;
  const reserve = reserveAccess(request);
  const zone = zoneOf(written);
  const mayBlock = request.mayBlock;
  const ownHex = hex(number);
  const hexOf = (changed: number) => (changed === query.bits ? ownHex : hex(changedNumber(model, number, query.bits, changed)));
  const cleaned = sanitised(request);
  const slowReserve = cleaned === request ? reserve : reserveAccess(cleaned);
  const failure = failureOf(request, slowReserve);
  const { printsNames } = model.behaviour;
  // One literal with every property: what is undefined is left out of the JSON, and a million answers have one shape.
  return {
    kernel: request.machine.kernel,
    input: query.input,
    hex: ownHex,
    readings: worthTelling(model, query.readings),
    flags: flagNames(model.flags, query.number === undefined ? query.bits & ~model.numbers.preferred.absent : query.bits),
    canonical: printsNames ? model.numbers.preferred.print(number) : ownHex,
    note: printsNames ? undefined : NUMBERS_ONLY,
    names: printsNames ? undefined : namesOf(model, query.bits, unknownBits),
    unknownBits: unknownBits === 0 ? '0x0' : hex(unknownBits),
    mayBlock,
    wakesKswapd: request.has(request.flags.kswapdReclaim),
    mayIO: mayBlock && request.has(request.flags.io),
    mayFS: mayBlock && request.has(request.flags.fs),
    zone: zone.zone,
    zoneLegal: zone.legal,
    migratetype: migratetypeOf(written),
    fallback: fallbackZones(request),
    inContext: request === written ? undefined : inContext(request, changedNumber(model, number, query.bits, bits)),
    allocFlags: reserve.allocFlags,
    entitlement: reserve.entitlement,
    reserveFloor: reserve.floor,
    slowPathFloor: cleaned === request ? undefined : slowReserve.floor,
    highatomic: reserve.highatomic,
    cma: reserve.cma,
    oomKiller: mayKill(request),
    canFail: failure.canFail,
    failure: failure.failure,
    effective: effectiveMasks(model, query.bits, hexOf),
    kmalloc: query.size === undefined ? undefined : kmallocPlacement(written, query.size),
    kvmalloc: query.size === undefined ? undefined : kvmallocOf(request, query.size, hexOf),
    nested: query.path === false ? undefined : nestedMasks(request, hexOf),
    path:
      query.path === false ? undefined : slowPath(request, slowReserve, request === written ? undefined : model.flags.print(request.bits)),
    problems: problemsOf(request, query.size, unknownBits),
  };
}

/** Readings, when there are several, or when the only one is not that of the usual configuration. */
function worthTelling(model: KernelModel, readings: readonly MaskReading[] | undefined): readonly MaskReading[] | undefined {
  if (readings === undefined || readings.length === 0) return undefined;
  return readings.length > 1 || readings[0]!.config !== model.numbers.preferred.config ? readings : undefined;
}

function namesOf(model: KernelModel, bits: number, unknownBits: number): string {
  const names = model.flags.print(bits);
  return unknownBits === 0 ? names : `${names}|${hex(unknownBits)}`;
}

/** The kernel number after some of its flags were changed: bits without a name, and those another configuration gives one, stay. */
function changedNumber(model: KernelModel, number: number, before: number, after: number): number {
  const { preferred } = model.numbers;
  return ((number & ~preferred.toNumber(before & ~after)) | preferred.toNumber(after & ~before)) >>> 0;
}

function inContext(request: Request, number: number): MaskInContext {
  const canonical = request.model.behaviour.printsNames ? request.model.numbers.preferred.print(number) : hex(number);
  return { hex: hex(number), canonical, zone: zoneOf(request).zone, migratetype: migratetypeOf(request) };
}

function effectiveMasks(model: KernelModel, bits: number, hexOf: (changed: number) => string): MaskExplanation['effective'] {
  const under = (scope: ScopeWord) => hexOf(underScope(model, bits, scope));
  const effective = { nofs: under('nofs'), noio: under('noio'), pin: under('pin') };
  const { nocma, noreclaim } = model.behaviour.scopes;
  if (!nocma && !noreclaim) return effective;
  return {
    ...effective,
    ...(nocma && { nocma: under('nocma') }),
    ...(noreclaim && { noreclaim: under('noreclaim'), nowarn: under('nowarn') }),
  };
}

function nestedMasks(request: Request, hexOf: (changed: number) => string): readonly NestedMask[] {
  return nestedRequests(request).map(({ allocator, bits, note }) => ({ allocator, hex: bits === undefined ? null : hexOf(bits), note }));
}

function kvmallocOf(request: Request, size: number, hexOf: (changed: number) => string): MaskExplanation['kvmalloc'] {
  const plan = kvmallocPlan(request, size);
  return plan === undefined ? undefined : { firstTry: hexOf(plan.firstTry), vmalloc: plan.fallsBack };
}

function hex(number: number): string {
  return `0x${(number >>> 0).toString(16)}`;
}
