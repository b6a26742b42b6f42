import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import { changeBetween, movedRange } from './textChange';

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
  const change = changeBetween(bytes, text);
  return verdicts.flatMap((verdict): CallVerdict[] => {
    const call = movedRange(change, { start: verdict.offset, end: verdict.end });
    if (call === undefined) return [];
    const steps = verdict.steps.map((step) => {
      if (step.path !== path) return step;
      const place = movedRange(change, step);
      return place && { ...step, ...place };
    });
    return steps.every((step) => step !== undefined) ? [{ ...verdict, offset: call.start, end: call.end, steps }] : [];
  });
}
