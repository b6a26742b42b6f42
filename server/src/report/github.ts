import type { Severity } from '../rules/rule';
import type { ReportedFinding } from './record';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' } as const satisfies Record<Severity, string>;

/**
 * A finding as a GitHub workflow command, which a job that prints it turns into an annotation. One line; `shownPath` has to give paths
 * relative to the top of the repository.
 */
export function githubAnnotation(finding: ReportedFinding, shownPath: (file: string) => string): string {
  const { line, column, endLine, endColumn, severity, certainty, rule, trace, fixes } = finding;
  const title = `gfp-lens: ${rule}${certainty === 'possible' ? ' (possible)' : ''}`;
  // Columns are shown only for findings on one line; the site counts their end from the last character on.
  const columns = line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {};
  const properties = Object.entries({ file: shownPath(finding.file), line, endLine, ...columns, title });
  const text = [
    finding.message,
    ...trace.map((step) => `${shownPath(step.file)}:${step.line}: ${step.message}`),
    ...fixes.map((fix) => `fix: ${fix.title}`),
  ].join('\n');
  return `::${COMMAND[severity]} ${properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')}::${escapeData(text)}\n`;
}

/** The runner takes a command apart at line ends and percent signs. */
function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
