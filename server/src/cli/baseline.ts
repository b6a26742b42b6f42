import { readFileSync } from 'node:fs';
import type { ReportedFinding } from '../report/record';
import { reasonOf, UserError } from './errors';
import { replaceFile } from './replaceFile';

/** Known findings by fingerprint, which `check --baseline` leaves out. */
export type Baseline = ReadonlySet<string>;

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly { readonly fingerprint: string; readonly rule: string; readonly file: string }[];
}

export function readBaseline(path: string): Baseline {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`--baseline ${path}: ${reasonOf(error)}`);
  }
  const prints = fingerprintsOf(text);
  if (prints === undefined) throw new UserError(`--baseline ${path}: is not a baseline written by --update-baseline`);
  return new Set(prints);
}

function fingerprintsOf(text: string): readonly string[] | undefined {
  try {
    const file: Partial<BaselineFile> = JSON.parse(text);
    if (file.version !== 1 || !Array.isArray(file.findings)) return undefined;
    const prints = file.findings.map((finding: { fingerprint?: unknown }) => finding?.fingerprint);
    return prints.every((print) => typeof print === 'string') ? (prints as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the findings as the new baseline, one a line, sorted, so that its changes can be read in a diff. */
export function writeBaseline(path: string, findings: readonly ReportedFinding[]): void {
  const rows = findings.map(({ fingerprint, rule, file }) => JSON.stringify({ fingerprint, rule, file }));
  const text = `{"version":1,"findings":[${rows.length > 0 ? `\n${rows.join(',\n')}\n` : ''}]}\n`;
  try {
    replaceFile(path, Buffer.from(text));
  } catch (error) {
    throw new UserError(`--baseline ${path}: ${reasonOf(error)}`);
  }
}
