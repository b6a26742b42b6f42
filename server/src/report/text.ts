import type { Severity } from '../rules/rule';
import type { ReportedFinding } from './record';

/** How text is decorated: identity functions where there are no colours. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: Readonly<Record<Severity | 'note', (text: string) => string>>;
  readonly mark: (text: string) => string;
}

const same = (text: string): string => text;

export const PLAIN: Palette = {
  bold: same,
  dim: same,
  mark: same,
  severity: { error: same, warning: same, info: same, hint: same, note: same },
};

export interface TextOptions {
  readonly palette: Palette;
  /** From a path relative to the report's root to the one that is shown. */
  readonly shownPath: (file: string) => string;
}

/**
 * One finding as gcc prints a diagnostic, `file:line:col: severity: message [rule-id]`, then the source line with the
 * place marked, then the evidence and the fixes as `note:` lines. Ends with a line feed.
 */
export function findingText(finding: ReportedFinding, { palette, shownPath }: TextOptions): string {
  const certainty = finding.certainty === 'possible' ? 'possible: ' : '';
  const head = `${palette.severity[finding.severity](`${finding.severity}:`)} ${certainty}${palette.bold(finding.message)} [${finding.rule}]`;
  const lines = [`${palette.bold(place(shownPath(finding.file), finding))} ${head}`, ...excerpt(finding, palette)];
  for (const step of finding.trace) lines.push(note(place(shownPath(step.file), step), step.message, palette));
  for (const fix of finding.fixes) {
    const title = `fix: ${fix.title}${fix.safety === 'safe' ? ' (--fix)' : ' (needs a look: not applied by --fix)'}`;
    lines.push(note(place(shownPath(finding.file), finding), title, palette));
  }
  return `${lines.join('\n')}\n`;
}

function place(file: string, at: { readonly line: number; readonly column: number }): string {
  return `${file}:${at.line}:${at.column}:`;
}

function note(where: string, message: string, palette: Palette): string {
  return `${palette.bold(where)} ${palette.severity.note('note:')} ${message}`;
}

const TAB = 8;
/** Cells of source text shown before the rest of a line is cut off. */
const MAX_CELLS = 160;

/** The source line behind a gutter with its number, and a line that marks the finding's columns. */
function excerpt(finding: ReportedFinding, palette: Palette): readonly string[] {
  const { excerpt: text, column, endColumn, line, endLine } = finding;
  if (text.trim() === '') return [];
  const stop = endLine === line ? Math.min(endColumn - 1, text.length) : text.length;
  const start = cells(text, column - 1);
  const width = Math.max(1, cells(text, stop) - start);
  if (start + 1 > MAX_CELLS) return [];
  const shown = expand(text);
  const gutter = String(line).padStart(5);
  const marks = `^${'~'.repeat(Math.min(width, MAX_CELLS - start) - 1)}`;
  return [
    `${palette.dim(`${gutter} |`)} ${shown.length > MAX_CELLS ? `${shown.slice(0, MAX_CELLS)}…` : shown}`,
    `${palette.dim('      |')} ${' '.repeat(start)}${palette.mark(marks)}`,
  ];
}

/** Terminal cells that the first `units` UTF-16 units of a line take, tabs expanded. */
function cells(text: string, units: number): number {
  return expand(text.slice(0, units)).length;
}

function expand(text: string): string {
  let out = '';
  for (const char of text) {
    if (char === '\t') out += ' '.repeat(TAB - (out.length % TAB));
    else out += char < ' ' || char === '\x7f' ? '?' : char;
  }
  return out;
}
