import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';

/** What the callers in a document said of its calls when there was time to look at all of it. */
export interface Settled {
  /** The document's path as verdicts write it. */
  readonly path: string;
  /** The text they were made for. */
  readonly bytes: Uint8Array;
  readonly verdicts: readonly CallVerdict[];
  /** What the files around said of members that the document shares with them. */
  readonly fields: readonly FieldVerdict[];
  /** There is more to be known than was then. */
  readonly stale?: boolean;
}

/**
 * The verdicts for a text that has changed a little: what stands before the change keeps its place, what stands behind it moves along, what
 * lies in it is dropped. So nothing that was shown elsewhere comes and goes while someone types.
 */
export function movedVerdicts({ path, bytes, verdicts }: Omit<Settled, 'fields'>, text: Uint8Array): readonly CallVerdict[] {
  if (verdicts.length === 0 || bytes === text) return verdicts;
  const before = commonPrefix(bytes, text);
  const behind = commonSuffix(bytes, text, before);
  const shift = text.length - bytes.length;
  /** The new place of an old one; undefined inside of what was changed. */
  const moved = (start: number, end: number): number | undefined => {
    if (end <= before) return start;
    return start >= bytes.length - behind ? start + shift : undefined;
  };
  return verdicts.flatMap((verdict): CallVerdict[] => {
    const offset = moved(verdict.offset, verdict.end);
    if (offset === undefined) return [];
    const end = offset + verdict.end - verdict.offset;
    const steps = verdict.steps.map((step) => {
      if (step.path !== path) return step;
      const start = moved(step.start, step.end);
      return start === undefined ? undefined : { ...step, start, end: start + step.end - step.start };
    });
    return steps.every((step) => step !== undefined) ? [{ ...verdict, offset, end, steps }] : [];
  });
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
