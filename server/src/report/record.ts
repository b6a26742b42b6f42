import type { LineIndex } from '../base/lineIndex';
import type { TextRange } from '../base/range';
import type { CallSite } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import { isExact, type Mask } from '../mask/mask';
import type { Certainty, Finding, Fix, Severity } from '../rules/rule';

/** A place in a file, 1-based; columns in UTF-16 code units, the end behind the last one. */
export interface RecordRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface TraceRecord {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface EditRecord extends RecordRange {
  readonly file: string;
  readonly newText: string;
}

export interface FixRecord {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly EditRecord[];
}

/** A finding in plain values, as the JSON output has it; files are relative to the root. */
export interface FindingRecord extends RecordRange {
  readonly file: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly message: string;
  readonly function: string | null;
  readonly callee: string | null;
  /** Canonical names, or null when there is no mask or not all of it is known. */
  readonly mask: string | null;
  readonly trace: readonly TraceRecord[];
  readonly fixes: readonly FixRecord[];
  readonly fingerprint: string;
}

/** A finding with what some renderers need besides: the source line it starts on, and whether a comment allows it. */
export interface ReportedFinding extends FindingRecord {
  readonly excerpt: string;
  /** The reason of the comment that suppresses it; absent when none does. */
  readonly suppressedBy?: string;
}

/** The text a finding's offsets point into. */
export interface SourceText {
  readonly bytes: Uint8Array;
  readonly lines: LineIndex;
}

/**
 * The plain form of a finding. `source` is the finding's own file; places in other files are looked up with `others`,
 * and left out when that does not know them (a fix is left out as a whole).
 */
export function recordOf(
  finding: Finding,
  source: SourceText,
  model: KernelModel,
  others: (path: string) => SourceText | undefined = () => undefined,
): ReportedFinding {
  const textOf = (path: string | undefined): SourceText | undefined =>
    path === undefined || path === finding.path ? source : others(path);
  const mask = finding.mask ?? writtenMask(finding.call);
  return {
    file: finding.path,
    ...rangeRecord(finding.range, source.lines),
    rule: finding.rule,
    severity: finding.severity,
    certainty: finding.certainty,
    message: finding.message,
    function: finding.function?.name ?? null,
    callee: finding.call?.callee ?? null,
    mask: mask !== undefined && isExact(mask) ? model.flags.print(mask.set) : null,
    trace: (finding.trace ?? []).flatMap((step) => {
      const text = textOf(step.path);
      if (text === undefined) return [];
      const { line, column } = rangeRecord(step.range, text.lines);
      return [{ file: step.path ?? finding.path, line, column, message: step.message }];
    }),
    fixes: (finding.fixes ?? []).flatMap((fix) => fixRecord(fix, finding.path, textOf)),
    fingerprint: finding.fingerprint,
    excerpt: lineText(source, finding.range.start),
    ...(finding.suppressedBy !== undefined && { suppressedBy: finding.suppressedBy }),
  };
}

function writtenMask(call: CallSite | undefined): Mask | undefined {
  return call?.mask?.value;
}

function rangeRecord(range: TextRange, lines: LineIndex): RecordRange {
  const start = lines.position(range.start);
  const end = lines.position(range.end);
  return { line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}

function fixRecord(fix: Fix, path: string, textOf: (path: string | undefined) => SourceText | undefined): readonly FixRecord[] {
  const edits: EditRecord[] = [];
  for (const edit of fix.edits) {
    const text = textOf(edit.path);
    if (text === undefined) return [];
    edits.push({ file: edit.path ?? path, ...rangeRecord(edit.range, text.lines), newText: edit.newText });
  }
  return [{ title: fix.title, safety: fix.safety, edits }];
}

const decoder = new TextDecoder('utf-8');
/** Bytes of a source line that are kept: longer ones are generated tables. */
const MAX_EXCERPT = 400;

function lineText({ bytes, lines }: SourceText, offset: number): string {
  const line = lines.lineOf(offset);
  const start = lines.lineStart(line);
  return decoder.decode(bytes.subarray(start, Math.min(lines.lineEnd(line), start + MAX_EXCERPT))).replace(/\r$/, '');
}
