import type { TextRange } from '../base/range';

/** What lies between two versions of a text, as one replacement. */
export interface TextChange {
  /** What was replaced, in the older text. */
  readonly before: TextRange;
  /** What stands there now, in the newer text. */
  readonly after: TextRange;
}

/** The smallest replacement that makes `newer` of `older`; where several are, the last one. */
export function changeBetween(older: Uint8Array, newer: Uint8Array): TextChange {
  const start = commonPrefix(older, newer);
  const behind = commonSuffix(older, newer, start);
  return { before: { start, end: older.length - behind }, after: { start, end: newer.length - behind } };
}

/** The new place of an old one that the change does not touch; undefined where it does. */
export function movedRange({ before, after }: TextChange, { start, end }: TextRange): TextRange | undefined {
  if (end <= before.start) return { start, end };
  const shift = after.end - before.end;
  return start >= before.end ? { start: start + shift, end: end + shift } : undefined;
}

/** The same; what the change touches covers it. */
export function stretchedRange(change: TextChange, range: TextRange): TextRange {
  const { before, after } = change;
  return (
    movedRange(change, range) ?? {
      start: Math.min(range.start, before.start),
      end: Math.max(range.end, before.end) + after.end - before.end,
    }
  );
}

function commonPrefix(a: Uint8Array, b: Uint8Array): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a[at] === b[at]) at++;
  return at;
}

/** Bytes at the end that are the same, not counting the first `before`. */
function commonSuffix(a: Uint8Array, b: Uint8Array, before: number): number {
  const limit = Math.min(a.length, b.length) - before;
  let count = 0;
  while (count < limit && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}
