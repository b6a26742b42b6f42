import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnalysisContext } from '../program/analyseSource';
import { fixSource } from '../program/fixSource';
import type { ReportedFinding } from '../report/record';
import { unifiedDiff } from '../report/unifiedDiff';
import type { Finding } from '../rules/rule';
import { MAX_FILE } from './checkFiles';
import { reasonOf } from './errors';
import { replaceFile } from './replaceFile';
import type { Problem } from './sources';
import { editorWithChanges } from './unsaved';

export interface FixRun {
  readonly fixed: number;
  /** The new texts, by absolute path; in a dry run they are not on disk. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
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
  const problems: Problem[] = [];
  let fixed = 0;
  const texts = new Map<string, Uint8Array>();
  let diff = '';
  for (const file of fixable) {
    const path = join(request.root, file);
    try {
      const outcome = fixFile(file, path, request);
      fixed += outcome.fixed;
      if (outcome.bytes !== undefined) texts.set(path, outcome.bytes);
      diff += outcome.diff;
    } catch (error) {
      problems.push({ path, message: `cannot be fixed: ${reasonOf(error)}` });
    }
  }
  return { fixed, texts, diff, problems };
}

function fixFile(
  file: string,
  path: string,
  { context, dryRun, wanted }: FixRequest,
): { readonly fixed: number; readonly bytes: Uint8Array | undefined; readonly diff: string } {
  const before = readFileSync(path);
  if (before.length > MAX_FILE) throw new Error('it has grown too large');
  const outcome = fixSource(file, before, context, wanted);
  if (before.equals(outcome.bytes)) return { fixed: 0, bytes: undefined, diff: '' };
  if (!dryRun) replaceUnchanged(path, before, outcome.bytes);
  const diff = dryRun ? unifiedDiff(file, latin1(before), latin1(outcome.bytes)) : '';
  return { fixed: outcome.fixed, bytes: outcome.bytes, diff };
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
