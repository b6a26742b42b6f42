import { setImmediate } from 'node:timers/promises';
import type { CheckResult } from './protocol';

/** The loop lets the connection have its turn after this long, ms. */
const SLICE = 10;

/** What one file gave. */
export interface FileOutcome {
  readonly findings: readonly { readonly rule: string }[];
  readonly gaps: readonly { readonly reason: string }[];
}

export interface CheckJob {
  readonly files: readonly string[];
  /** Undefined: the file cannot be read, or is none of our business. */
  readonly check: (path: string) => FileOutcome | undefined;
  readonly progress: (done: number) => void;
  readonly isCancelled: () => boolean;
}

/** Checks many files on the connection's own thread, in slices, so that it answers questions meanwhile. */
export async function checkFiles(job: CheckJob): Promise<CheckResult> {
  const tally = new Tally();
  let sliceEnd = performance.now() + SLICE;
  for (const [index, path] of job.files.entries()) {
    if (job.isCancelled()) return tally.result(true);
    const outcome = job.check(path);
    if (outcome !== undefined) tally.add(outcome);
    if (performance.now() < sliceEnd) continue;
    job.progress(index + 1);
    await setImmediate();
    sliceEnd = performance.now() + SLICE;
  }
  return tally.result(job.isCancelled());
}

class Tally {
  private files = 0;
  private findings = 0;
  private readonly rules = new Map<string, number>();
  private readonly gaps = new Map<string, number>();

  add(outcome: FileOutcome): void {
    this.files++;
    this.findings += outcome.findings.length;
    for (const { rule } of outcome.findings) count(this.rules, rule);
    for (const { reason } of outcome.gaps) count(this.gaps, reason);
  }

  result(cancelled: boolean): CheckResult {
    const lines = [...table('findings by rule', this.rules), ...table('not analysed', this.gaps)];
    return { files: this.files, findings: this.findings, summary: lines.join('\n'), ...(cancelled && { cancelled }) };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function table(title: string, counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return [`${title}:`, ...rows.map(([key, value]) => `  ${String(value).padStart(6)}  ${key}`)];
}
