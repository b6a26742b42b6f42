import type { CheckReport } from './checkReport';
import type { FindingRecord, ReportedFinding } from './record';

/**
 * The report as JSON text, in pieces: one object with the findings on a line each, so that a large report is never one
 * string and can be read with line tools.
 */
export function* jsonReport(report: CheckReport): Generator<string> {
  const { tool, kernel, root, files, gaps, stats } = report;
  const head = JSON.stringify({ tool, kernel, root, files });
  yield `${head.slice(0, -1)},"findings":[`;
  let separator = '\n';
  for (const finding of report.findings) {
    yield separator + JSON.stringify(plain(finding));
    separator = ',\n';
  }
  yield `${report.findings.length > 0 ? '\n' : ''}],"gaps":${JSON.stringify(gaps)},"stats":${JSON.stringify(stats)}}\n`;
}

function plain({ excerpt: _, suppressedBy: __, ...record }: ReportedFinding): FindingRecord {
  return record;
}
