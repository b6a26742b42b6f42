import { readFileSync } from 'node:fs';
import { type Baseline, type BaselineRow, baselineRows, formatBaseline, parseBaseline } from '../program/baseline';
import type { ReportedFinding } from '../report/record';
import { reasonOf, UserError } from './errors';
import { readRegular } from './readRegular';
import { replaceFile } from './replaceFile';

/** Reads the file of `--baseline`. */
export function readBaseline(path: string): Baseline {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`--baseline ${path}: ${reasonOf(error)}`);
  }
  const baseline = parseBaseline(text);
  if (baseline === undefined) throw new UserError(`--baseline ${path}: is not a baseline written by --update-baseline`);
  return baseline;
}

/** What the file holds; nothing when it is not there. */
export function readBaselineRows(path: string): readonly BaselineRow[] {
  try {
    return baselineRows(readRegular(path).toString('utf8'));
  } catch {
    return [];
  }
}

/** Writes the findings as the new baseline, as a whole. */
export function writeBaseline(path: string, findings: readonly ReportedFinding[]): void {
  try {
    const rows = findings.map((finding) => ({ ...finding, possible: finding.certainty === 'possible' }));
    replaceFile(path, Buffer.from(formatBaseline(rows)));
  } catch (error) {
    throw new UserError(`--baseline ${path}: ${reasonOf(error)}`);
  }
}
