import type { LineIndex } from '../base/lineIndex';
import { hoverAt } from '../ide/hoverAt';
import { formatRelease } from '../kernel/index';
import { analyseSource } from '../program/analyseSource';
import { hoverPlainText } from '../report/hoverMarkdown';
import { recordOf } from '../report/record';
import { rulePage } from '../report/rulePage';
import { ruleById, rules } from '../rules/registry';
import type { Finding } from '../rules/rule';
import { AssistError, type AssistTree } from './assistant';
import { findingLines } from './findingLines';

export interface ExplainQuestion {
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly rule?: string | undefined;
}

/** Lines of source shown before and behind a finding. */
const AROUND = 4;

/** Why there is a finding on a line, what holds there and what the rule says; or only the page of a rule. */
export function explainFinding({ file, line, rule }: ExplainQuestion, tree: AssistTree): string {
  if (rule !== undefined && ruleById(rule) === undefined)
    throw new AssistError(`there is no rule "${rule}"; the rules are ${rules.map(({ id }) => id).join(', ')}`);
  if (file === undefined || line === undefined) {
    if (rule === undefined) throw new AssistError('give file and line of a finding, or a rule');
    return rulePage(ruleById(rule)!).trimEnd();
  }
  const bytes = tree.read(file);
  const context = { ...tree.context, rules: { ...tree.context.rules, possible: true } };
  const analysis = analyseSource(file, bytes, context, { alone: true });
  const { facts, findings } = analysis;
  const here = findings.filter((finding) => isOnLine(finding, facts.file.lines, line) && (rule === undefined || finding.rule === rule));
  if (here.length === 0) throw new AssistError(nothingThere(findings, facts.file.lines, file, line));
  const hover = hoverAt(analysis, context.model, here[0]!.range.start);
  return [
    `Linux ${formatRelease(context.model.release)}`,
    ...here.flatMap((finding) => findingLines(recordOf(finding, facts.file, context.model))),
    '',
    ...excerpt(bytes, facts.file.lines, line, file),
    ...(hover === undefined ? [] : ['', hoverPlainText(hover)]),
    ...[...new Set(here.map((finding) => finding.rule))].flatMap((id) => ['', rulePage(ruleById(id)!).trimEnd()]),
  ].join('\n');
}

function isOnLine(finding: Finding, lines: LineIndex, line: number): boolean {
  return lines.lineOf(finding.range.start) + 1 <= line && line <= lines.lineOf(finding.range.end) + 1;
}

function nothingThere(findings: readonly Finding[], lines: LineIndex, file: string, line: number): string {
  const others = [...new Set(findings.map((finding) => `${lines.lineOf(finding.range.start) + 1} (${finding.rule})`))];
  return `${file}:${line}: no finding there${others.length === 0 ? ', nor elsewhere in the file' : `; there are some on lines ${others.slice(0, 20).join(', ')}`}`;
}

function excerpt(bytes: Uint8Array, lines: LineIndex, line: number, file: string): readonly string[] {
  const decoder = new TextDecoder('utf-8');
  const from = Math.max(1, line - AROUND);
  const to = Math.min(lines.lineCount, line + AROUND);
  const shown = [`${file}:${from}-${to}`];
  for (let at = from; at <= to; at++) {
    const text = decoder.decode(bytes.subarray(lines.lineStart(at - 1), lines.lineEnd(at - 1))).replace(/\r$/, '');
    shown.push(`${String(at).padStart(6)}${at === line ? '>' : ' '} ${text.slice(0, 200)}`);
  }
  return shown;
}
