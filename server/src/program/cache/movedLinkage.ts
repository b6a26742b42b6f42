import type { CallVerdict, VerdictStep, Verdicts } from '../../facts/linkage/verdict';
import type { Shard } from '../link/shard';
import { Field, spellingsOf, walkFile } from '../link/shardWalk';

/** One file of a shard. */
export interface FileInShard {
  readonly shard: Shard;
  readonly start: number;
}

/** Old offsets of a file to new ones. */
export type Moved = ReadonlyMap<number, number>;

/**
 * Compares what two texts of a file tell the analysis of the tree: `same` to the last offset, with offsets that moved, or `different`.
 * Whatever the tree says rests on names, conditions and order alone, so it stays true when offsets move.
 */
export function compareLinkage(before: FileInShard, after: FileInShard): 'same' | 'different' | Moved {
  const old = fieldsOf(before);
  const now = fieldsOf(after);
  if (old.length !== now.length) return 'different';
  const [oldNames, newNames] = [spellingsOf(before.shard), spellingsOf(after.shard)];
  const moved = new Map<number, number>();
  let isSame = true;
  for (let at = 0; at < old.length; at += 2) {
    const field = old[at]!;
    const [was, is] = [old[at + 1]!, now[at + 1]!];
    if (field !== now[at]) return 'different';
    if (field === Field.Plain && was !== is) return 'different';
    if (field === Field.Name && oldNames[was] !== newNames[is]) return 'different';
    if (field !== Field.Offset) continue;
    if ((moved.get(was) ?? is) !== is) return 'different';
    moved.set(was, is);
    if (was !== is) isSame = false;
  }
  return isSame ? 'same' : moved;
}

/** Kinds and values of a file's numbers, in turn. */
function fieldsOf({ shard: { data }, start }: FileInShard): readonly number[] {
  const fields: number[] = [];
  walkFile(data, start, (at, field) => fields.push(field, data[at]!));
  return fields;
}

/** The verdicts with the places of files whose text moved; undefined when one of them cannot be found again. */
export function moveVerdicts(verdicts: Verdicts, files: ReadonlyMap<string, Moved>): Verdicts | undefined {
  if (files.size === 0) return verdicts;
  let isComplete = true;
  const movedTo = (path: string, offset: number): number => {
    const moved = files.get(path);
    const to = moved === undefined ? offset : moved.get(offset);
    if (to === undefined) isComplete = false;
    return to ?? offset;
  };
  const step = (old: VerdictStep): VerdictStep => {
    if (!files.has(old.path)) return old;
    const start = movedTo(old.path, old.start);
    return { ...old, start, end: old.end - old.start + start };
  };
  const verdict = (path: string, old: CallVerdict): CallVerdict => {
    const offset = movedTo(path, old.offset);
    return { ...old, offset, end: old.end - old.offset + offset, steps: old.steps.map(step) };
  };
  const touches = (path: string, list: readonly CallVerdict[]): boolean =>
    files.has(path) || list.some(({ steps }) => steps.some((one) => files.has(one.path)));
  const result = new Map<string, readonly CallVerdict[]>();
  for (const [path, list] of verdicts) result.set(path, touches(path, list) ? list.map((one) => verdict(path, one)) : list);
  return isComplete ? result : undefined;
}
