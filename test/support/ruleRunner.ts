import type { FileFacts } from '../../server/src/facts/site';
import type { KernelModel } from '../../server/src/kernel/model';
import { verdictsOfFile } from '../../server/src/program/analyseSource';
import type { Finding, TextEdit } from '../../server/src/rules/rule';
import { DEFAULT_RULE_SETTINGS, runRules } from '../../server/src/rules/run';
import { analyseText, modelFor } from './analyse';
import { wantedFactProblems } from './facts';
import type { Fixture, Want } from './fixture';

/** Rounds of fixing after which a fixture counts as not converging. */
const MAX_ROUNDS = 12;

/** What a fixture expected and did not get, and what it got and did not expect; one line of text each. */
export interface Mismatch {
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
}

/** What the analysis says of a fixture. */
export interface Judged {
  readonly model: KernelModel;
  readonly facts: FileFacts;
  readonly findings: readonly Finding[];
}

/** All findings, possible ones too, of all rules in a text that stands in for the fixture's. */
export function judge(fixture: Fixture, text = fixture.text): Judged {
  const model = modelFor(fixture.kernel, fixture.config);
  const facts = analyseText(text, fixture.path, model, true);
  const run = runRules(facts, model, { ...DEFAULT_RULE_SETTINGS, possible: true }, { verdicts: verdictsOfFile(facts, model) });
  if (run.gaps.length > 0) throw new Error(run.gaps.map((gap) => gap.reason).join('; '));
  return { model, facts, findings: run.findings };
}

/** Holds a fixture's comments against what the rules and the engine say. Also reports mistakes of the fixture itself. */
export function compare(fixture: Fixture, { model, facts, findings }: Judged = judge(fixture)): Mismatch {
  const missing = fixture.mistakes.map((mistake) => `${fixture.name}: ${mistake}`);
  for (const damage of facts.file.damage)
    missing.push(`${positionText(fixture, facts, damage.range.start)}: damaged syntax (${damage.reason})`);
  const left = [...findings];
  for (const want of fixture.wants) {
    const at = left.findIndex((finding) => meets(finding, want, facts));
    if (at >= 0) left.splice(at, 1);
    else missing.push(wantText(fixture, want));
  }
  missing.push(...wantedFactProblems(fixture, facts, model));
  return { missing, surplus: left.map((finding) => findingText(fixture, facts, finding)) };
}

function meets(finding: Finding, want: Want, facts: FileFacts): boolean {
  const start = facts.file.lines.position(finding.range.start);
  if (start.line !== want.line || finding.rule !== want.rule || finding.certainty !== want.certainty) return false;
  if (!finding.message.includes(want.message)) return false;
  return want.columns === undefined || (want.columns.start === start.column && want.columns.end === endColumn(finding, facts, start.line));
}

/** The column behind a finding on the line it starts on. */
function endColumn(finding: Finding, facts: FileFacts, line: number): number {
  const { lines } = facts.file;
  return lines.position(Math.min(finding.range.end, lines.lineEnd(line))).column;
}

function wantText(fixture: Fixture, want: Want): string {
  const columns = want.columns ? `:${want.columns.start + 1}-${want.columns.end + 1}` : '';
  const message = want.message === '' ? '' : ` "${want.message}"`;
  return `${fixture.name}:${want.line + 1}${columns}: ${want.rule}${message}${want.certainty === 'possible' ? ' (possible)' : ''}`;
}

function findingText(fixture: Fixture, facts: FileFacts, finding: Finding): string {
  const start = facts.file.lines.position(finding.range.start);
  const columns = `:${start.column + 1}-${endColumn(finding, facts, start.line) + 1}`;
  const certainty = finding.certainty === 'possible' ? ' (possible)' : '';
  return `${fixture.name}:${start.line + 1}${columns}: ${finding.rule} "${finding.message}"${certainty}`;
}

function positionText(fixture: Fixture, facts: FileFacts, offset: number): string {
  const { line, column } = facts.file.lines.position(offset);
  return `${fixture.name}:${line + 1}:${column + 1}`;
}

/**
 * The text after applying the first fix of every finding, again and again until none is left. Undefined when no finding has a fix;
 * throws when the fixes do not come to an end.
 */
export function applyAllFixes(fixture: Fixture): string | undefined {
  let text = fixture.text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = applyOnce(text, judge(fixture, text).findings);
    if (next === text) return round === 0 ? undefined : text;
    text = next;
  }
  throw new Error(`${fixture.name}: the fixes do not converge`);
}

function applyOnce(text: string, findings: readonly Finding[]): string {
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const edits = finding.fixes?.[0]?.edits ?? [];
    if (edits.every((edit) => edit.path === undefined && !taken.some((other) => collide(edit, other)))) taken.push(...edits);
  }
  const bytes = Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of taken.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)) {
    parts.push(bytes.subarray(at, edit.range.start), Buffer.from(edit.newText, 'utf8'));
    at = edit.range.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts).toString('utf8');
}

/** Edits that touch are left to the next round: their order would matter. */
function collide(a: TextEdit, b: TextEdit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}
