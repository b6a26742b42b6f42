import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineIndex } from '../base/lineIndex';
import type { AnalysisContext } from '../program/analyseSource';
import { fixSource } from '../program/fixSource';
import { type ReportedFinding, recordOf } from '../report/record';
import { unifiedDiff } from '../report/unifiedDiff';
import type { Finding } from '../rules/rule';
import { MAX_FILE } from './checkFiles';
import { reasonOf } from './errors';
import { replaceFile } from './replaceFile';
import type { Problem } from './sources';
import { editorWithChanges } from './unsaved';

export interface FixRun {
  /** What is left to report: the findings of the changed files are those of their new text. */
  readonly findings: readonly ReportedFinding[];
  readonly fixed: number;
  readonly files: number;
  /** What a dry run would change, as a patch relative to the root; bytes as latin-1. */
  readonly diff: string;
  readonly problems: readonly Problem[];
}

export interface FixRequest {
  readonly root: string;
  readonly context: AnalysisContext;
  readonly dryRun: boolean;
  /** Which findings to fix: those that the report shows. */
  readonly wanted: (finding: Finding) => boolean;
}

/** Applies the safe fixes of the shown findings, file by file; each file is read again and written as a whole. */
export function fixFiles(findings: readonly ReportedFinding[], request: FixRequest): FixRun {
  const fixable = new Set(findings.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).map((finding) => finding.file));
  const left = findings.filter((finding) => !fixable.has(finding.file));
  const problems: Problem[] = [];
  let fixed = 0;
  let files = 0;
  let diff = '';
  for (const file of fixable) {
    const path = join(request.root, file);
    try {
      const outcome = fixFile(file, path, request);
      left.push(...outcome.findings);
      fixed += outcome.fixed;
      if (outcome.changed) files++;
      diff += outcome.diff;
    } catch (error) {
      problems.push({ path, message: `cannot be fixed: ${reasonOf(error)}` });
      left.push(...findings.filter((finding) => finding.file === file));
    }
  }
  return { findings: left, fixed, files, diff, problems };
}

function fixFile(
  file: string,
  path: string,
  { context, dryRun, wanted }: FixRequest,
): { findings: ReportedFinding[]; fixed: number; changed: boolean; diff: string } {
  const before = readFileSync(path);
  if (before.length > MAX_FILE) throw new Error('it has grown too large');
  const outcome = fixSource(file, before, context, wanted);
  const changed = !before.equals(outcome.bytes);
  const source = { bytes: outcome.bytes, lines: new LineIndex(outcome.bytes) };
  const findings = outcome.findings.filter(wanted).map((finding) => recordOf(finding, source, context.model));
  if (changed && !dryRun) replaceUnchanged(path, before, outcome.bytes);
  const diff = changed && dryRun ? unifiedDiff(file, latin1(before), latin1(outcome.bytes)) : '';
  return { findings, fixed: outcome.fixed, changed, diff };
}

/** Nobody may have changed the file meanwhile, on disk or in an editor. */
function replaceUnchanged(path: string, before: Buffer, after: Uint8Array): void {
  const editor = editorWithChanges(path);
  if (editor !== undefined) throw new Error(`it has unsaved changes in ${editor}`);
  if (!readFileSync(path).equals(before)) throw new Error('it was changed meanwhile');
  replaceFile(path, after);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
