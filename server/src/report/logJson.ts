import type { FailureExplanation, FailureRecord, StateReport, ZoneExplanation } from '../log/index';
import { eventJson } from './logEvents';
import type { LogSourceRecord } from './logSourceRecord';

/** One failure as the contract of `gfp-lens log --json` has it; sizes in kB, what the log lacks is null. `source`: the caller in a tree. */
export function logJson(failure: FailureExplanation, source?: LogSourceRecord): Readonly<Record<string, unknown>> {
  const { record, mask } = failure;
  return {
    kind: failure.kind,
    line: record.line,
    endLine: record.endLine,
    process: failure.process ?? null,
    order: failure.order ?? null,
    sizeKb: failure.sizeKb ?? null,
    mode: mask?.hex ?? null,
    mask: failure.maskText ?? null,
    flags: mask?.flags ?? null,
    kernel: failure.kernel,
    kernelFrom: failure.kernelFrom,
    zones: failure.zones.map(zoneJson),
    verdict: failure.verdict,
    summary: failure.summary,
    supports: failure.supports,
    contradicts: failure.contradicts,
    path: failure.path,
    site: siteJson(failure, source),
    trace: record.trace.map((frame) => ({ function: frame.name, module: frame.module ?? null, unsure: frame.unsure, line: frame.line })),
    advice: failure.advice,
    oom: oomJson(record),
    context: contextJson(record),
    suppressed: record.suppressed?.value ?? null,
    missing: failure.missing,
    beside: failure.beside,
    ...(record.state === undefined ? {} : { state: stateJson(record.state) }),
    ...(failure.events === undefined ? {} : { events: eventJson(failure.events) }),
  };
}

function stateJson({ pageKb, meminfo, vmstat, sysctl, slabs }: StateReport): unknown {
  return { pageKb, meminfo: Object.fromEntries(meminfo), vmstat: Object.fromEntries(vmstat), sysctl: Object.fromEntries(sysctl), slabs };
}

function siteJson({ site }: FailureExplanation, source: LogSourceRecord | undefined): unknown {
  if (site === undefined) return null;
  const place = source === undefined ? {} : { file: source.file, line: source.line };
  return { ...site, module: site.module ?? null, allocator: site.allocator ?? null, ...place, source: source ?? null };
}

function zoneJson(zone: ZoneExplanation): Readonly<Record<string, unknown>> {
  const names = ['free', 'boost', 'min', 'low', 'high', 'managed', 'cma', 'highatomic', 'reserve', 'floor', 'usable'] as const;
  return {
    node: zone.node ?? null,
    zone: zone.zone,
    line: zone.line,
    ...Object.fromEntries(names.map((name) => [name, zone[name] ?? null])),
    buddy: zone.buddy,
    verdict: zone.verdict,
    reason: zone.reason,
  };
}

function oomJson({ oom, kind }: FailureRecord): unknown {
  if (oom === undefined || kind !== 'oom') return null;
  return {
    constraint: oom.constraint?.value ?? null,
    memcg: oom.memcg?.value ?? null,
    usage: oom.memcgUsage?.value ?? null,
    limit: oom.memcgLimit?.value ?? null,
    victim: oom.victim?.value ?? null,
    victimPid: oom.victimPid?.value ?? null,
    tasks: oom.taskCount,
    largestTasks: oom.largestTasks,
  };
}

function contextJson({ context }: FailureRecord): unknown {
  if (context === undefined) return null;
  const { locks, ...values } = context;
  return { ...Object.fromEntries(Object.entries(values).map(([name, read]) => [name, read.value])), locks };
}
