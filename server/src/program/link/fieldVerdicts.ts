import type { FieldCall, FieldVerdict } from '../../facts/linkage/fieldVerdict';
import type { FieldReport } from '../../facts/memory';

/** Verdicts on members by file; only files that fill or free them get one. */
export type FieldVerdicts = ReadonlyMap<string, readonly FieldVerdict[]>;

/** Puts together what the files around say of members, for each file what the others say. */
export function fieldVerdicts(reports: readonly FieldReport[]): FieldVerdicts {
  const byKey = new Map<string, FieldReport[]>();
  // Workers hand in their reports as they get done: their order is chance, and must not show.
  for (const report of [...reports].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const same = byKey.get(report.key);
    if (same === undefined) byKey.set(report.key, [report]);
    else same.push(report);
  }
  const verdicts = new Map<string, FieldVerdict[]>();
  for (const [key, same] of byKey) {
    if (key.startsWith('?')) continue;
    const complete = isComplete(key, same);
    const unclear = byKey.get(`?.${lastName(key)}`)?.some((report) => report.unsure) ?? false;
    for (const { path } of same.filter((report) => report.allocations.length > 0 || report.releases.length > 0)) {
      const known = verdicts.get(path) ?? [];
      verdicts.set(path, known);
      known.push(verdictFor(path, key, same, { complete: complete && !unclear, unclear }));
    }
  }
  return verdicts;
}

function lastName(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1).replace('[]', '');
}

/** The struct is declared in a header that is no part of the kernel's common ones. */
function isComplete(key: string, reports: readonly FieldReport[]): boolean {
  const homes = reports.filter((report) => report.declares);
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
