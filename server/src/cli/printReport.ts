import { formatRelease, type Release } from '../kernel/index';
import type { CheckReport } from '../report/checkReport';
import { jsonReport } from '../report/json';
import type { ReportedFinding } from '../report/record';
import { statsText, summaryLine } from '../report/summary';
import { findingText } from '../report/text';
import { complain, type Output } from './output';
import { paletteFor } from './palette';
import type { CheckRun } from './runCheck';
import { TOOL } from './version';

/** The report of a run; `findings` are those to show, in order. */
export function toReport(run: CheckRun, findings: readonly ReportedFinding[], root: string, release: Release): CheckReport {
  const rules: Record<string, number> = {};
  for (const { rule } of run.findings) rules[rule] = (rules[rule] ?? 0) + 1;
  const { analysed, bytes, functions, calls, jobs } = run;
  const milliseconds = Math.round(performance.now());
  // The kernel reports the peak in KiB.
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  const stats = { analysed, bytes, functions, calls, jobs, milliseconds, peakMemory, rules };
  return { tool: TOOL, kernel: formatRelease(release), root, files: run.files, findings, gaps: run.gaps, stats };
}

export interface PrintOptions {
  readonly format: 'text' | 'json';
  readonly stats?: boolean;
  /** A patch to print in place of the findings; bytes as latin-1. */
  readonly diff: string | undefined;
  readonly shownPath: (file: string) => string;
}

/** Writes the report to the output, and what it sums up to on stderr. */
export async function printReport(report: CheckReport, options: PrintOptions, output: Output): Promise<void> {
  if (options.format === 'json') {
    for (const piece of jsonReport(report)) {
      await output.write(piece);
      if (output.isClosed) break;
    }
  } else if (options.diff !== undefined) await output.write(Buffer.from(options.diff, 'latin1').toString('utf8'));
  else await printFindings(report, options, output);
  await output.flush();
  if (options.format === 'text') complain(summaryLine(report));
  if (options.stats === true) process.stderr.write(statsText(report));
}

async function printFindings(report: CheckReport, { shownPath }: PrintOptions, output: Output): Promise<void> {
  const palette = paletteFor(process.stdout);
  for (const finding of report.findings) {
    await output.write(findingText(finding, { palette, shownPath }));
    if (output.isClosed) return;
  }
}
