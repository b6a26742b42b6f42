import type { ReportedFinding } from '../report/record';

/** A finding with its evidence, a line each, every place as `file:line`. */
export function findingLines(finding: ReportedFinding): readonly string[] {
  const { file, line, column, severity, certainty, rule, message, trace, fixes } = finding;
  const where = finding.function === null ? '' : ` in ${finding.function}()`;
  return [
    `${file}:${line}:${column}: ${certainty === 'possible' ? 'possible' : severity} [${rule}]${where}: ${message}`,
    ...trace.map((step) => `  ${step.file}:${step.line}: ${step.message}`),
    ...fixes.map((fix) => `  fix (${fix.safety === 'safe' ? 'safe' : 'needs a look'}): ${fix.title}`),
  ];
}
