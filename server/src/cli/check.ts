import { join } from 'node:path';
import type { AnalysisContext } from '../program/analyseSource';
import type { BaselineRow } from '../program/baseline';
import { isTouched } from '../report/changedLines';
import { byPlace, type CheckReport } from '../report/checkReport';
import type { ReportedFinding } from '../report/record';
import type { Certainty, Severity } from '../rules/rule';
import { asksProgram } from '../rules/run';
import { readBaselineRows, writeBaseline } from './baseline';
import { changedSources, findChanges } from './changes';
import type { WorkerSetup } from './checker';
import { type CheckOptions, isAtLeast, leastSeverity } from './checkOptions';
import { checkSetup } from './checkSetup';
import { analysisContext } from './context';
import { isSmall } from './crew';
import { type FixRun, fixFiles } from './fix';
import { complain, EXIT, type Output } from './output';
import { isWithin, realPath, shownPath } from './paths';
import { printReport, toReport } from './printReport';
import { startProgress } from './progress';
import { type CheckRun, runCheck } from './runCheck';
import { entriesBelow, type FoundSource, findSources, type Sources } from './sources';
import { TreeCache } from './treeCache';

/** `gfp-lens check`: analyses, reports, and returns the exit code. Throws `UserError` for a wrong request. */
export async function check(paths: readonly string[], options: CheckOptions, output: Output): Promise<number> {
  const given = (paths.length > 0 ? paths : ['.']).map(realPath);
  const { context, root, baselinePath, known } = checkSetup(given, options);
  const changes = findChanges(options, root);
  const sources = changes === undefined ? findSources(given) : changedSources(changes, root, given);
  for (const { path, message } of sources.problems) complain(`${shownPath(path)}: ${message}`);

  const setup = {
    root,
    context,
    linked: context.tree !== undefined && asksProgram(context.rules),
    complete: sources.folders.has(root),
    overlays: changes?.texts,
  };
  const analysis = analysisContext(context);
  const entries = entriesBelow(root, sources);
  const cache = options.cache === false ? undefined : cacheOf(sources, entries, setup, analysis, given);
  const { run, interrupted } = await analyse(entries, setup, options.jobs, cache);
  const troubled = tellTrouble(run, sources);
  const isListed = (finding: ReportedFinding): boolean =>
    isWanted(finding, options, context.rules.possible) && (changes === undefined || isTouched(finding, changes.lines));
  const isShown = (finding: Judged): boolean =>
    isWanted(finding, options, context.rules.possible) && known?.has(finding.fingerprint) !== true && finding.suppressedBy === undefined;
  const listed = run.findings.filter(isListed).sort(byPlace);
  const findings = listed.filter(isShown);
  if (options.updateBaseline === true && !interrupted) return updateBaseline(baselinePath!, findings, troubled);

  const asked = changes === undefined ? undefined : new Set(findings.map((finding) => finding.fingerprint));
  const isAsked = (finding: Judged): boolean => isShown(finding) && asked?.has(finding.fingerprint) !== false;
  const request = { root, context: analysis, dryRun: options.fix !== true, wanted: isAsked };
  const fixes = (options.fix === true || options.fixDryRun === true) && !interrupted ? fixFiles(findings, request) : undefined;
  for (const { path, message } of fixes?.problems ?? []) complain(`${shownPath(path)}: ${message}`);
  // What is left is seen by looking again: a fix in one file may be what a finding in another rests on.
  const after =
    fixes === undefined || fixes.texts.size === 0 ? undefined : await analyse(entries, { ...setup, overlays: fixes.texts }, options.jobs);
  const rest = after === undefined ? listed : after.run.findings.filter(isListed).sort(byPlace);
  // A run that leaves something out cannot say that a finding is gone.
  const isPartial = troubled || interrupted || changes !== undefined || options.rule !== undefined;
  const isAskedFor = ({ file, possible }: BaselineRow): boolean =>
    given.some((path) => isWithin(path, join(root, file))) && (possible !== true || context.rules.possible);
  const baseline = options.format !== 'sarif' || known === undefined || isPartial ? [] : readBaselineRows(baselinePath!).filter(isAskedFor);
  const report = toReport(run, rest.filter(isShown), root, analysis.model.release);
  const unread = troubled || (fixes?.problems.length ?? 0) > 0;
  await printReport(
    report,
    {
      ...options,
      sarif: { findings: rest, known, troubled: unread || interrupted, absent: goneFrom(baseline, after?.run ?? run) },
      diff: options.fixDryRun === true ? fixes?.diff : undefined,
      shownPath: (file) => shownPath(join(root, file)),
    },
    output,
  );
  if (fixes !== undefined) tellFixes(fixes, options);
  return finish(report, { troubled: unread, interrupted: interrupted || after?.interrupted === true, total: sources.entries.length });
}

/** The rows of a baseline that nothing stands for any more. */
function goneFrom(rows: readonly BaselineRow[], { findings }: CheckRun): readonly BaselineRow[] {
  const there = new Set(findings.map(({ fingerprint }) => fingerprint));
  return rows.filter(({ fingerprint }) => !there.has(fingerprint));
}

/** What decides whether a finding is shown. */
interface Judged {
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly fingerprint: string;
  readonly suppressedBy?: string;
}

/** Possible findings are shown when asked for, whatever the least severity: they all are hints. */
function isWanted(finding: Judged, options: CheckOptions, possible: boolean): boolean {
  return finding.certainty === 'possible' ? possible : isAtLeast(finding.severity, leastSeverity(options));
}

/** What earlier runs over folders of a kernel tree have left. Single files are analysed faster than a cache is read. */
function cacheOf(
  { folders, at }: Sources,
  entries: ReadonlyMap<string, FoundSource>,
  { root, context, overlays = new Map() }: WorkerSetup,
  analysis: AnalysisContext,
  given: readonly string[],
): TreeCache | undefined {
  if (context.tree === undefined || folders.size === 0 || overlays.size > 0) return undefined;
  return new TreeCache({ root, setup: context, context: analysis, given, entries, at });
}

/**
 * Runs until all files are done or the user interrupts; a second interrupt ends the program at once. Few files are analysed in this thread, which
 * hears of no signal meanwhile: there the first interrupt ends the program, and nothing is lost because nothing is written yet.
 */
async function analyse(
  entries: ReadonlyMap<string, FoundSource>,
  setup: WorkerSetup,
  jobs: number,
  cache?: TreeCache,
): Promise<{ run: CheckRun; interrupted: boolean }> {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort();
  };
  const small = isSmall(entries.values());
  if (!small) process.on('SIGINT', stop).on('SIGTERM', stop);
  // A bar hides the cursor, and nobody would bring it back.
  const progress = startProgress(small ? [] : [...entries.values()], process.stderr);
  try {
    const run = await runCheck(entries, { ...setup, kept: cache !== undefined }, jobs, progress, abort.signal, cache);
    return { run, interrupted: abort.signal.aborted };
  } finally {
    progress.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Says which files were not analysed; true when the user must mend something: a path he named, or a permission. */
function tellTrouble(run: CheckRun, { named, problems }: Sources): boolean {
  let troubled = problems.length > 0;
  for (const { path, reason, unreadable } of run.refused) {
    complain(`${shownPath(path)}: ${reason}${unreadable ? '' : ', not analysed'}`);
    troubled ||= unreadable || named.has(path);
  }
  return tellLost(run, named) || troubled;
}

/** So many files that end the analysis are named; with more of them it is not the files that end it. */
const MOST_LOST = 20;

/** Says on which files the analysis died; true when no file was analysed for it, or one that was named. */
function tellLost({ lost, files }: CheckRun, named: ReadonlySet<string>): boolean {
  for (const { path, reason } of lost.slice(0, MOST_LOST))
    complain(`${shownPath(path)}: not analysed, the analysis died twice (${reason})`);
  const more = lost.length - MOST_LOST;
  if (more > 0) complain(`${more.toLocaleString('en')} more files not analysed for the same reason`);
  return lost.some(({ path }) => named.has(path)) || (lost.length > 0 && files === 0);
}

function updateBaseline(path: string, findings: readonly ReportedFinding[], troubled: boolean): number {
  writeBaseline(path, findings);
  complain(`${findings.length} finding${findings.length === 1 ? '' : 's'} written to ${path}`);
  return troubled ? EXIT.failure : EXIT.ok;
}

function tellFixes({ fixed, texts: { size: files } }: FixRun, options: CheckOptions): void {
  const where = `${fixed} finding${fixed === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}`;
  complain(options.fix === true ? `fixed ${where}` : `--fix would fix ${where}`);
}

interface Ending {
  readonly troubled: boolean;
  readonly interrupted: boolean;
  /** Files that were to be analysed. */
  readonly total: number;
}

/** The program ends by itself when its threads have; so long one may take, milliseconds. */
const LAST_WAIT = 2000;

/** A thread that waits within the kernel, for a mount that does not answer, cannot be ended, and would be waited for: then the program ends by the signal. */
function endSoon(): void {
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), LAST_WAIT).unref();
}

function finish(report: CheckReport, { troubled, interrupted, total }: Ending): number {
  if (interrupted) {
    complain(`interrupted after ${report.files.toLocaleString('en')} of ${total.toLocaleString('en')} files`);
    endSoon();
    return EXIT.interrupted;
  }
  if (troubled) return EXIT.failure;
  const grave = report.findings.some((finding) => finding.certainty === 'definite' && isAtLeast(finding.severity, 'warning'));
  return grave ? EXIT.findings : EXIT.ok;
}
