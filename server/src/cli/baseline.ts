import { readFileSync } from 'node:fs';
import { type Baseline, formatBaseline, parseBaseline } from '../program/baseline';
import type { ReportedFinding } from '../report/record';
import { reasonOf, UserError } from './errors';
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

/** Writes the findings as the new baseline, as a whole. */
export function writeBaseline(path: string, findings: readonly ReportedFinding[]): void {
  try {
    replaceFile(path, Buffer.from(formatBaseline(findings)));
  } catch (error) {
    throw new UserError(`--baseline ${path}: ${reasonOf(error)}`);
  }
}
