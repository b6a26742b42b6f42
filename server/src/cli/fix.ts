import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnalysisContext } from '../program/analyseSource';
import { fixSource } from '../program/fixSource';
import type { ReportedFinding } from '../report/record';
import { unifiedDiff } from '../report/unifiedDiff';
import type { Finding } from '../rules/rule';
import { MAX_FILE } from './checkFiles';
import { reasonOf } from './errors';
import { applyJointFixes, type JointFixes } from './jointFixes';
import { type Replacement, replaceFiles } from './replaceFile';
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

/** A file with its text as it was read, and as it will be. */
interface FixedFile extends Replacement {
  /** Relative to the root. */
  readonly file: string;
  readonly fixed: number;
}

/**
 * Applies the safe fixes of the shown findings: first those that change several files, then file by file what is left. Each file is read again and written as a
 * whole; files that one fix changes are all written, or none of them.
 */
export function fixFiles(findings: readonly ReportedFinding[], request: FixRequest): FixRun {
  const problems: Problem[] = [];
  const read = (file: string): Buffer => {
    const bytes = readFileSync(join(request.root, file));
    if (bytes.length > MAX_FILE) throw new Error('it has grown too large');
    return bytes;
  };
  const joint = readable(() => applyJointFixes(findings, read), problems, request.root);
  const local = findings.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).map((finding) => finding.file);
  const alone = [...new Set(local)].filter((file) => joint.texts.get(file) === undefined);
  const run = { fixed: 0, texts: new Map<string, Uint8Array>(), diff: '' };
  for (const group of [...joint.groups, ...alone.map((file) => new Set([file]))]) {
    const together = group.size > 1;
    try {
      const files = [...group].sort().map((file) => fixedFile(file, read(file), joint.texts.get(file), request));
      const changed = files.filter((file) => !Buffer.from(file.before).equals(file.after));
      if (!request.dryRun) replaceUnchanged(changed);
      for (const { file, path, before, after, fixed } of changed) {
        run.fixed += fixed;
        run.texts.set(path, after);
        if (request.dryRun) run.diff += unifiedDiff(file, latin1(before), latin1(after));
      }
      if (together) run.fixed += joint.fixedIn(group);
    } catch (error) {
      const [first] = group;
      const path = error instanceof FixProblem ? error.path : join(request.root, first!);
      problems.push({
        path,
        message: `cannot be fixed: ${reasonOf(error)}${together ? `, nor what hangs together with it in ${group.size - 1} other ${group.size > 2 ? 'files' : 'file'}` : ''}`,
      });
    }
  }
  return { ...run, problems };
}

/** A problem with one of several files that hang together. */
class FixProblem extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

const NO_JOINT_FIXES: JointFixes = { texts: new Map(), groups: [], fixedIn: () => 0 };

function readable(apply: () => JointFixes, problems: Problem[], root: string): JointFixes {
  try {
    return apply();
  } catch (error) {
    problems.push({ path: root, message: `fixes of several files cannot be applied: ${reasonOf(error)}` });
    return NO_JOINT_FIXES;
  }
}

/** One file after all of its fixes; `text` has those that other files share. */
function fixedFile(file: string, before: Buffer, text: Uint8Array | undefined, { root, context, wanted }: FixRequest): FixedFile {
  const { bytes, fixed } = fixSource(file, text ?? before, context, wanted);
  return { file, path: join(root, file), before, after: bytes, fixed };
}

/** Nobody may have changed one of the files meanwhile, on disk or in an editor. */
function replaceUnchanged(files: readonly FixedFile[]): void {
  for (const { path, before } of files) {
    const editor = editorWithChanges(path);
    if (editor !== undefined) throw new FixProblem(path, `it has unsaved changes in ${editor}`);
    if (!readFileSync(path).equals(before)) throw new FixProblem(path, 'it was changed meanwhile');
  }
  replaceFiles(files);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
