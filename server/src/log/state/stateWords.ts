import type { FailureRecord, StateReport } from '../record';
import type { FailedRequest } from '../request';
import { sizeWords } from '../summary';
import { servingZone } from './outlook';

/** A request of the log, to be held against the state of the machine. */
export interface KnownRequest {
  readonly line: number;
  readonly request: FailedRequest;
}

/** What /proc files beside a log add to a failure, in sentences; the most telling first. */
export function besideFailure(failure: FailureRecord, request: FailedRequest, state: FailureRecord): readonly string[] {
  const report = state.state;
  if (report === undefined) return [];
  const order = request.order ?? 0;
  return [
    ...now(request, state),
    ...(order > 0 ? compactions(report) : []),
    ...(failure.kind === 'oom' ? commitments(report) : []),
    ...slabs(report),
    ...settings(failure, report, order),
  ];
}

function now(request: FailedRequest, state: FailureRecord): readonly string[] {
  if (request.mask === undefined || request.order === undefined || !state.memory?.zones.some((zone) => zone.buddy !== undefined)) return [];
  const zone = servingZone(state, request);
  return [
    zone === undefined
      ? 'By the free blocks beside the log the request would not be served at once either.'
      : `By the free blocks beside the log the request would be served now, from ${zone.report.name} of node ${zone.report.node}: the shortage has passed.`,
  ];
}

function compactions({ vmstat }: StateReport): readonly string[] {
  const stalls = vmstat.get('compact_stall');
  const failed = vmstat.get('compact_fail');
  if (stalls === undefined || failed === undefined || stalls === 0) return [];
  return [`${failed} of ${stalls} compactions that tasks waited for since the start failed (vmstat).`];
}

function commitments({ meminfo, sysctl }: StateReport): readonly string[] {
  const always =
    sysctl.get('overcommit_memory') === 1
      ? [
          'vm.overcommit_memory = 1 lets every reservation succeed, so programs learn of the shortage from the OOM killer; 0 (the default) refuses absurd ones, 2 all beyond a limit.',
        ]
      : [];
  const committed = meminfo.get('Committed_AS');
  const total = meminfo.get('MemTotal');
  if (committed === undefined || total === undefined) return always;
  const all = total + (meminfo.get('SwapTotal') ?? 0);
  return [...always, `Programs have reserved ${megabytes(committed)} of address space; memory and swap have ${megabytes(all)} (meminfo).`];
}

/** Caches that take a part of the memory worth naming. */
const TELLING = 0.02;

function slabs({ slabs: list, meminfo }: StateReport): readonly string[] {
  const total = meminfo.get('MemTotal');
  const large = list.filter(({ kb }) => kb > (total === undefined ? 100 * 1024 : total * TELLING)).slice(0, 3);
  return large.length === 0
    ? []
    : [`The largest slab caches: ${large.map(({ name, kb }) => `${name} ${megabytes(kb)}`).join(', ')} (slabinfo).`];
}

/** Settings that decide on failures of this kind. */
function settings({ kind }: FailureRecord, { sysctl }: StateReport, order: number): readonly string[] {
  const names = [
    'min_free_kbytes',
    'watermark_scale_factor',
    ...(order > 0 ? ['compaction_proactiveness', 'extfrag_threshold'] : []),
    ...(kind === 'oom' ? ['overcommit_memory', 'overcommit_ratio', 'panic_on_oom', 'oom_kill_allocating_task', 'swappiness'] : []),
  ];
  const known = names.flatMap((name) => (sysctl.has(name) ? [`vm.${name} = ${sysctl.get(name)}`] : []));
  return known.length === 0 ? [] : [`Settings: ${known.join(', ')}.`];
}

function megabytes(kb: number): string {
  return kb < 1024 ? sizeWords(kb) : `${Math.round(kb / 1024)} MB`;
}
