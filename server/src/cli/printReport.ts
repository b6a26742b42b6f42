import { join, relative, sep } from 'node:path';
import { formatRelease, type Release } from '../kernel/index';
import type { CheckReport } from '../report/checkReport';
import { githubAnnotation } from '../report/github';
import { jsonReport } from '../report/json';
import type { ReportedFinding } from '../report/record';
import { type SarifOptions, sarifReport } from '../report/sarif';
import { statsText, summaryLine } from '../report/summary';
import { findingText } from '../report/text';
import type { CheckOptions } from './checkOptions';
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
  return { tool: TOOL, kernel: formatRelease(release), root, files: run.files, findings, gaps: run.gaps, stats, cache: run.cache };
}

export interface PrintOptions {
  readonly format: CheckOptions['format'];
  /** The findings with those that are hidden elsewhere, which a SARIF log holds as well. */
  readonly sarif: SarifOptions & { readonly findings: readonly ReportedFinding[] };
  readonly stats?: boolean;
  /** A patch to print in place of the findings; bytes as latin-1. */
  readonly diff: string | undefined;
  readonly shownPath: (file: string) => string;
}

/** Writes the report to the output, and what it sums up to on stderr. */
export async function printReport(report: CheckReport, options: PrintOptions, output: Output): Promise<void> {
  if (options.format === 'json') await print(jsonReport(report), output);
  else if (options.format === 'sarif') {
    await print(sarifReport({ ...report, findings: options.sarif.findings }, options.sarif), output);
  } else if (options.diff !== undefined) await output.writeBytes(Buffer.from(options.diff, 'latin1'));
  else if (options.format === 'github') await print(annotations(report), output);
  else await print(texts(report, options), output);
  await output.flush();
  // Where nothing could be read, why has been said: "nothing found" would sound as if all was well.
  const sayNothing = report.files === 0 && options.sarif.troubled;
  if ((options.format === 'text' || options.format === 'github') && !sayNothing) complain(summaryLine(report));
  if (options.stats === true) process.stderr.write(statsText(report));
}

async function print(pieces: Iterable<string>, output: Output): Promise<void> {
  for (const piece of pieces) {
    await output.write(piece);
    if (output.isClosed) return;
  }
}

function* texts(report: CheckReport, { shownPath }: PrintOptions): Generator<string> {
  const palette = paletteFor(process.stdout);
  for (const finding of report.findings) yield findingText(finding, { palette, shownPath });
}

/** Annotations hang on paths relative to the checkout, which is the current folder of a step unless it says otherwise. */
function* annotations(report: CheckReport): Generator<string> {
  const checkout = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const shownPath = (file: string): string => relative(checkout, join(report.root, file)).replaceAll(sep, '/');
  for (const finding of report.findings) yield githubAnnotation(finding, shownPath);
}
