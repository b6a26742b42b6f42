import type { CheckResult } from '../protocol/check';
import type { ListedFinding } from '../report/checkHtml';
import { Slices } from './slices';

/** What one file gave. */
export interface FileOutcome {
  readonly findings: readonly ListedFinding[];
  readonly gaps: readonly { readonly reason: string }[];
}

export interface CheckJob {
  readonly files: readonly string[];
  /** Undefined: the file cannot be read, or is none of our business. */
  readonly check: (path: string) => FileOutcome | undefined;
  /** Files of which all files together say something: they are checked again. */
  readonly again?: () => Promise<readonly string[]>;
  readonly progress: (done: number) => void;
  readonly isCancelled: () => boolean;
}

/** Checks many files on the connection's own thread, in slices, so that it answers questions meanwhile. */
export async function checkFiles(job: CheckJob): Promise<CheckOutcome> {
  const outcomes = new Map<string, FileOutcome>();
  const slices = new Slices();
  const checkAll = async (paths: readonly string[], progress: (done: number) => void): Promise<void> => {
    for (const [index, path] of paths.entries()) {
      if (job.isCancelled()) return;
      const outcome = job.check(path);
      if (outcome !== undefined) outcomes.set(path, outcome);
      if (await slices.pause()) progress(index + 1);
    }
  };
  await checkAll(job.files, job.progress);
  if (job.again && !job.isCancelled()) await checkAll(await job.again(), () => undefined);
  return { outcomes, cancelled: job.isCancelled() };
}

/** What a check of many files gave, by path. */
export interface CheckOutcome {
  readonly outcomes: ReadonlyMap<string, FileOutcome>;
  readonly cancelled: boolean;
}

/** How often each reason kept something from being analysed. */
export function gapCounts(outcomes: Iterable<FileOutcome>): ReadonlyMap<string, number> {
  const gaps = new Map<string, number>();
  for (const outcome of outcomes) for (const { reason } of outcome.gaps) count(gaps, reason);
  return gaps;
}

export function checkResult({ outcomes: byPath, cancelled }: CheckOutcome): CheckResult {
  const outcomes = [...byPath.values()];
  const rules = new Map<string, number>();
  for (const outcome of outcomes) for (const { rule } of outcome.findings) count(rules, rule);
  const findings = [...rules.values()].reduce((sum, one) => sum + one, 0);
  const lines = [...table('findings by rule', rules), ...table('not analysed', gapCounts(outcomes))];
  return { files: outcomes.length, findings, summary: lines.join('\n'), ...(cancelled && { cancelled }) };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function table(title: string, counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return [];
  const rows = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return [`${title}:`, ...rows.map(([key, value]) => `  ${String(value).padStart(6)}  ${key}`)];
}
