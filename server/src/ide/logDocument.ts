import { LineIndex } from '../base/lineIndex';
import { explainRecords, type FailureExplanation, type FailureRecord, LogScanner } from '../log/index';

export type { FailureExplanation };

/** Failures that are explained in one document; a log with more of them is a matter for the command line. */
const MOST_FAILURES = 1000;

/** A kernel log in the editor, with its failures in the order of their lines. */
export interface LogDocument {
  readonly bytes: Uint8Array;
  readonly lines: LineIndex;
  readonly failures: readonly FailureExplanation[];
}

/** Lines that an editor can fold, zero-based, both included. */
export interface FoldedLines {
  readonly start: number;
  readonly end: number;
}

export function readLogDocument(bytes: Uint8Array): LogDocument {
  const records: FailureRecord[] = [];
  const scanner = new LogScanner((record) => {
    // The state of the machine and a trace come last.
    if (records.length < MOST_FAILURES || record.kind === 'state' || record.kind === 'events') records.push(record);
  });
  scanner.push(bytes);
  scanner.end();
  const failures = [...explainRecords(records)].sort((a, b) => a.record.line - b.record.line);
  return { bytes, lines: new LineIndex(bytes), failures };
}

/** The failure that a line (zero-based) belongs to: of several around it the one that begins last. */
export function failureAt(document: LogDocument, line: number): FailureExplanation | undefined {
  return document.failures.findLast(({ record }) => record.line <= line + 1 && line + 1 <= record.endLine);
}

/** The failure a person means who points at a line: the one around it, else the next one, else the last one. */
export function failureNear(document: LogDocument, line: number): FailureExplanation | undefined {
  const { failures } = document;
  return failureAt(document, line) ?? failures.find(({ record }) => record.line > line) ?? failures[failures.length - 1];
}

/** Each failure, and in it the call trace and the memory report. */
export function foldsOf(document: LogDocument): readonly FoldedLines[] {
  return document.failures.flatMap(({ record }) => {
    const { line, endLine, trace, memory } = record;
    const lines = [{ start: line, end: endLine }];
    const [first] = trace;
    if (first !== undefined) lines.push({ start: Math.max(line, first.line - 1), end: trace[trace.length - 1]!.line });
    if (memory !== undefined && memory.line > line) lines.push({ start: memory.line, end: endLine });
    return lines.filter((one) => one.end > one.start).map((one) => ({ start: one.start - 1, end: one.end - 1 }));
  });
}

/** The text of a line (zero-based), its line feed not included. */
export function lineText({ bytes, lines }: LogDocument, line: number): string {
  return new TextDecoder().decode(bytes.subarray(lines.lineStart(line), lines.lineEnd(line)));
}
