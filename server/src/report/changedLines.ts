import type { ReportedFinding } from './record';

/** What a change did to one file, in lines of the new text, from 1. */
export interface ChangedLines {
  /** New or rewritten lines, both ends included, ascending. */
  readonly added: readonly { readonly from: number; readonly to: number }[];
  /** Lines behind which something was removed without a replacement; 0: at the start. */
  readonly cuts: readonly number[];
}

/** Everything in the file is new. */
export const ALL_LINES: ChangedLines = { added: [{ from: 1, to: Number.POSITIVE_INFINITY }], cuts: [] };

/** The changed lines of hunks without context lines; `newStart` is the line at which the change stands, also when it adds none. */
export function changedLines(hunks: readonly { readonly newStart: number; readonly newLines: number }[]): ChangedLines {
  const added = hunks
    .filter((hunk) => hunk.newLines > 0)
    .map(({ newStart, newLines }) => ({ from: newStart, to: newStart + newLines - 1 }));
  return { added, cuts: hunks.filter((hunk) => hunk.newLines === 0).map((hunk) => hunk.newStart - 1) };
}

/**
 * Whether a finding comes with the change: it, or a place of its evidence (the lock that was added above), is on a changed line, or
 * lines were removed between its places (the unlock that is gone). `changes` is keyed by the paths that findings use.
 */
export function isTouched(finding: ReportedFinding, changes: ReadonlyMap<string, ChangedLines>): boolean {
  const places = [{ file: finding.file, line: finding.line, endLine: finding.endLine }, ...finding.trace];
  for (const file of new Set(places.map((place) => place.file))) {
    const changed = changes.get(file);
    if (changed === undefined) continue;
    const lines = places.filter((place) => place.file === file).map((place) => ({ from: place.line, to: endOf(place) }));
    if (lines.some((line) => changed.added.some((range) => range.from <= line.to && line.from <= range.to))) return true;
    const first = Math.min(...lines.map((line) => line.from));
    const last = Math.max(...lines.map((line) => line.to));
    if (changed.cuts.some((cut) => first <= cut && cut < last)) return true;
  }
  return false;
}

function endOf(place: { readonly line: number; readonly endLine?: number }): number {
  return place.endLine ?? place.line;
}
