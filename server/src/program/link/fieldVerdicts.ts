import { addTo } from '../../base/listsByKey';
import { folderOf } from '../../base/paths';
import type { FieldCall, FieldVerdict } from '../../facts/linkage/fieldVerdict';
import type { Verdicts } from '../../facts/linkage/verdict';
import type { FieldReport, Largeness } from '../../facts/memory';
import type { ProgramGraph } from './graph';

/** Verdicts on members by file; only files that fill or free them get one. */
export type FieldVerdicts = ReadonlyMap<string, readonly FieldVerdict[]>;

/** What is known besides the reports. */
export interface FieldSetting {
  /** What callers do to the frees among them. */
  readonly calls: Verdicts;
  /** Findings that are only possible are of interest. */
  readonly possible: boolean;
}

/** Puts together what the files around say of members, for each file what the others say. */
export function fieldVerdicts(reports: readonly FieldReport[], { calls, possible }: FieldSetting): FieldVerdicts {
  // Workers hand in their reports as they get done: their order is chance, and must not show.
  const byKey = reportsByKey(
    reports.map((one) => withCallers(one, calls)).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  );
  const verdicts = new Map<string, FieldVerdict[]>();
  for (const [key, same] of [...byKey].flatMap(([key, all]) => byHome(key, all).map((some) => [key, some] as const))) {
    if (key.startsWith('?') || !matters(same, possible)) continue;
    const complete = isComplete(key, same);
    const unclear = byKey.get(`?.${lastName(key)}`)?.some((report) => report.unsure) ?? false;
    for (const { path } of same.filter((report) => report.allocations.length > 0 || report.releases.length > 0))
      addTo(verdicts, path, verdictFor(path, key, same, { complete: complete && !unclear, unclear }));
  }
  return verdicts;
}

/** Marks the frees that some caller reaches where sleeping is forbidden. */
function withCallers(report: FieldReport, calls: Verdicts): FieldReport {
  const atomic = new Map(
    (calls.get(report.path) ?? []).map((verdict) => [verdict.offset, verdict.kind === 'atomic' ? verdict.reason : '']),
  );
  const releases = report.releases.map((call) => ({ ...call, atomic: call.atomic || (atomic.get(call.start) ?? '') }));
  return { ...report, releases };
}

/** Marks the frees of members that were asked about, so that the contexts of their callers are followed. */
export function markFrees(graph: ProgramGraph, reports: readonly FieldReport[]): void {
  const numbers = new Map(graph.files.map((path, number) => [path, number]));
  for (const { path, releases } of reports) {
    const file = numbers.get(path);
    if (file !== undefined && releases.length > 0)
      graph.markFrees(
        file,
        releases.map((call) => call.start),
      );
  }
}

/** The member that a report is about, as it was asked for. */
export function memberOf({ key }: FieldReport): string {
  return lastName(key);
}

function lastName(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1).replace('[]', '');
}

/** Something is freed that may be of the wrong kind, or could come from kvmalloc(); all other files are right as they were. */
function matters(reports: readonly FieldReport[], possible: boolean): boolean {
  return isMismatched(reports) || reports.some(({ allocations }) => allocations.some(({ large }) => isOfInterest(large, possible)));
}

/** Only what is always costly is a certain finding. */
function isOfInterest(large: Largeness | undefined, possible: boolean): boolean {
  return large === 'costly' || (possible && large !== undefined);
}

function isMismatched(reports: readonly FieldReport[]): boolean {
  const releases = reports.flatMap((report) => report.releases);
  return reports.some(({ allocations }) =>
    allocations.some(({ families }) => releases.some((free) => families.some((family) => !free.families.includes(family)))),
  );
}

/** A certain finding may come of it: what is seen so far does not speak against one. */
function mayBeCertain(reports: readonly FieldReport[], complete: boolean): boolean {
  const isConvertible =
    reports.some(({ allocations }) => allocations.some(({ large }) => large === 'costly')) &&
    (!complete || reports.some(({ releases }) => releases.length > 0)) &&
    reports.every(({ concerns, allocations }) => concerns.every(({ kind }) => kind === 'unseen' && allocations.length > 0));
  return isConvertible || (isMismatched(reports) && !reports.some(({ unsure }) => unsure));
}

/** What a run looks for, and at what. */
export interface InquiryScope {
  /** Findings that are only possible are of interest. */
  readonly possible: boolean;
  /** The files are the whole tree: what none of them frees, nobody does. */
  readonly complete: boolean;
}

/** What the files that fill and free a member say of it leaves a doubt, so that all files that may name it must be asked. `reports`: theirs, on this member. */
export function isDoubtful(reports: readonly FieldReport[], { possible, complete }: InquiryScope): boolean {
  return [...reportsByKey(reports)].some(
    ([key, same]) => !key.startsWith('?') && (possible ? matters(same, true) : mayBeCertain(same, complete)),
  );
}

function reportsByKey(reports: readonly FieldReport[]): ReadonlyMap<string, FieldReport[]> {
  const byKey = new Map<string, FieldReport[]>();
  for (const report of reports) addTo(byKey, report.key, report);
  return byKey;
}

/**
 * Two drivers may each have a struct of the same name, and know nothing of each other: where folders declare one each, a file means the one that lies nearest
 * to it, or all that lie equally near.
 */
function byHome(key: string, reports: readonly FieldReport[]): readonly (readonly FieldReport[])[] {
  const homes = new Set(reports.filter(({ declares }) => declares).map(({ path }) => folderOf(path)));
  if (homes.size < 2 || key.endsWith(')')) return [reports];
  const nearest = (path: string) => Math.min(...[...homes].map((home) => stepsBetween(path, home)));
  return [...homes].map((home) => reports.filter(({ path }) => stepsBetween(path, home) === nearest(path)));
}

/** Folders up and down from the one of a path to another one. */
function stepsBetween(path: string, folder: string): number {
  const [own, other] = [folderOf(path).split('/'), folder.split('/')];
  let shared = 0;
  while (shared < own.length && own[shared] === other[shared]) shared++;
  return own.length + other.length - 2 * shared;
}

/** The struct is declared in a header that is no part of the kernel's common ones. */
function isComplete(key: string, reports: readonly FieldReport[]): boolean {
  const homes = reports.filter((report) => report.declares);
  if (key.endsWith(')')) return homes.length === 1;
  return !key.startsWith('union') && homes.length > 0 && homes.every(({ path }) => !/(^|\/)include\//.test(path));
}

function verdictFor(
  path: string,
  key: string,
  reports: readonly FieldReport[],
  { complete, unclear }: { readonly complete: boolean; readonly unclear: boolean },
): FieldVerdict {
  const others = reports.filter((report) => report.path !== path);
  const calls = (pick: (report: FieldReport) => readonly FieldCall[]): FieldCall[] => others.flatMap(pick);
  return {
    key,
    complete,
    allocations: calls((report) => report.allocations),
    releases: calls((report) => report.releases),
    unsure: unclear || others.some((report) => report.unsure),
    concerns: others.flatMap((report) => report.concerns),
  };
}
