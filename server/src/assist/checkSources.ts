import { formatRelease } from '../kernel/index';
import { analyseSource } from '../program/analyseSource';
import { isTouched } from '../report/changedLines';
import { byPlace } from '../report/checkReport';
import { type ReportedFinding, recordOf } from '../report/record';
import { AssistError, type AssistTree } from './assistant';
import { findingLines } from './findingLines';

export interface CheckQuestion {
  /** A file or folder; with a patch, what it is narrowed to. */
  readonly path?: string | undefined;
  /** A diff, a mail or a mailbox: only what it brings in. */
  readonly patch?: string | undefined;
  readonly possible?: boolean | undefined;
}

/** Files of one question: an answer must come while somebody waits for it. */
const MOST_FILES = 2000;
const MOST_FINDINGS = 40;

/** The findings of files, or of what a patch brings in. `breathe` is waited for between files, and throws when nobody wants the answer any more. */
export async function checkSources(question: CheckQuestion, tree: AssistTree, breathe: () => Promise<void>): Promise<string> {
  const { path, patch, possible } = question;
  if (path === undefined && patch === undefined) throw new AssistError('give a path or a patch');
  const change = patch === undefined ? undefined : tree.change(patch);
  const files = change === undefined ? await tree.list(path!) : [...change.lines.keys()].filter((file) => isBelow(file, path));
  if (files.length > MOST_FILES) throw new AssistError(`${path} holds ${files.length} C files: give a folder of at most ${MOST_FILES}`);
  const findings: ReportedFinding[] = [];
  for (const file of files) {
    await breathe();
    findings.push(...findingsOf(file, change?.texts.get(file) ?? tree.read(file), tree, possible === true));
  }
  const wanted = change === undefined ? findings : findings.filter((finding) => isTouched(finding, change.lines));
  return answer(wanted.sort(byPlace), files.length, tree, change?.status);
}

/** The findings of a text, without those of the baseline. */
export function findingsOf(file: string, bytes: Uint8Array, { context, known }: AssistTree, possible: boolean): readonly ReportedFinding[] {
  const rules = { ...context.rules, possible: possible || context.rules.possible };
  const { facts, findings } = analyseSource(file, bytes, { ...context, rules }, { alone: true });
  return findings
    .filter((finding) => finding.severity !== 'hint' || finding.certainty === 'possible')
    .filter((finding) => known?.has(finding.fingerprint) !== true)
    .map((finding) => recordOf(finding, facts.file, context.model));
}

function isBelow(file: string, path: string | undefined): boolean {
  const folder = (path ?? '.').replace(/^(\.\/)+|\/+$/g, '');
  return folder === '.' || folder === '' || file === folder || file.startsWith(`${folder}/`);
}

function answer(findings: readonly ReportedFinding[], files: number, { context }: AssistTree, status: string | undefined): string {
  const counted = findings.length === 0 ? 'nothing found' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  const head = `Linux ${formatRelease(context.model.release)}, ${files} C file${files === 1 ? '' : 's'} read: ${counted}`;
  const shown = findings.slice(0, MOST_FINDINGS).flatMap(findingLines);
  const rest = findings.length - MOST_FINDINGS;
  return [
    ...(status === undefined ? [] : [status]),
    head,
    ...shown,
    ...(rest > 0 ? [`${rest} more are left out: give a smaller path`] : []),
  ].join('\n');
}
