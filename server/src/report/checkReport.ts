import type { ReportedFinding } from './record';

/** The result of one `check` run, as the renderers take it. */
export interface CheckReport {
  readonly tool: { readonly name: string; readonly version: string };
  /** Release of the kernel model, `6.1.192`. */
  readonly kernel: string;
  /** Absolute path that all files of the report are relative to. */
  readonly root: string;
  /** Number of files that were read. */
  readonly files: number;
  /** Sorted by file and position. */
  readonly findings: readonly ReportedFinding[];
  /** What could not be analysed: how often, by reason. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly stats: CheckStats;
  /** What was taken from earlier runs, in words; undefined when nothing was to be. */
  readonly cache?: string | undefined;
}

export interface CheckStats {
  /** Files that were parsed; the others hold no word that matters. */
  readonly analysed: number;
  readonly bytes: number;
  readonly functions: number;
  /** Calls that take a mask, allocate, free, or sleep. */
  readonly calls: number;
  readonly jobs: number;
  /** Wall time from the start of the program. */
  readonly milliseconds: number;
  /** Peak resident memory of the process, bytes. */
  readonly peakMemory: number;
  /** Findings by rule id, before `--min-severity`. */
  readonly rules: Readonly<Record<string, number>>;
}

/** File order first, then position, then rule: the order of all reports. */
export function byPlace(a: ReportedFinding, b: ReportedFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
