import { formatRelease } from '../kernel/index';
import { adviceFor } from './advice';
import { explainEvents } from './explainEvents';
import { describeZone, entitlementOf, judgeZone } from './explainZone';
import type { FailureExplanation } from './explanation';
import type { FailureRecord } from './record';
import { requestOf } from './request';
import { siteOf } from './site';
import { explainState, outlookWords } from './state/explainState';
import { besideFailure, type KnownRequest } from './state/stateWords';
import { summaryOf } from './summary';
import { hasVerdict } from './titles';
import { judge } from './verdict';
import { inFallbackOrder, pageKbOf } from './zones';

/** What else the input has. */
export interface Beside {
  /** The state of the machine, for failures. */
  readonly state?: FailureRecord | undefined;
  /** Requests that failed, for the state. */
  readonly requests?: readonly KnownRequest[];
}

/** What a record means: the verdict of the model with what supports and contradicts it, and what to do. */
export function explainFailure(record: FailureRecord, beside: Beside = {}): FailureExplanation {
  if (record.events !== undefined) return explainEvents(record, record.events);
  const request = requestOf(record);
  const entitlement = entitlementOf(record, request);
  const zones =
    record.memory === undefined ? [] : inFallbackOrder(record.memory).map((zone) => judgeZone(zone, record, request, entitlement));
  const aboutMemory = hasVerdict(record.kind);
  const judgement = aboutMemory
    ? judge({ record, request, entitlement, zones })
    : { verdict: 'unknown' as const, supports: [], contradicts: [] };
  const pageKb = pageKbOf(record.memory);
  const facts = {
    kind: record.kind,
    record,
    process: record.header.process?.value ?? record.machine.command?.value,
    order: request.order,
    sizeKb: request.order === undefined ? undefined : 2 ** request.order * pageKb,
    mask: request.mask,
    maskText: request.maskText,
    kernel: record.machine.kernel?.value ?? formatRelease(request.model.release),
    kernelFrom: request.releaseFrom,
    model: request.model,
    zones: zones.map((zone) => describeZone(zone, record, entitlement, pageKb)),
    path: record.kind === 'page' || record.kind === 'oom' ? (request.mask?.path ?? []) : [],
    ...judgement,
    site: siteOf(record.trace),
    missing: aboutMemory ? missingIn(record) : [],
    beside: beside.state === undefined || !aboutMemory ? [] : besideFailure(record, request, beside.state),
  };
  if (record.state !== undefined) return { ...facts, advice: [], ...explainState(record, record.state, beside.requests ?? []) };
  if (record.kind === 'memory') return { ...facts, advice: [], summary: outlookWords(record, request.model, pageKb) };
  return { ...facts, summary: summaryOf(facts), advice: adviceFor({ ...facts, request, judged: zones }) };
}

/** What a full report has and this one lacks. */
function missingIn(record: FailureRecord): readonly string[] {
  const { header, machine, memory } = record;
  const parts: readonly (readonly [name: string, present: boolean])[] = [
    ['process', header.process !== undefined || machine.command !== undefined],
    ['order', header.order !== undefined || record.kind === 'slab'],
    ['mode', header.mode !== undefined || record.slab?.mode !== undefined],
    ['kernel release', machine.kernel !== undefined],
    ['call trace', record.trace.length > 0],
    ['Mem-Info', memory !== undefined && memory.counters.size > 0],
    ['zones', memory?.zones.some((zone) => zone.fields.size > 0) === true],
    ['free block lists', memory?.zones.some((zone) => zone.buddy !== undefined) === true],
  ];
  return parts.filter(([, present]) => !present).map(([name]) => name);
}
