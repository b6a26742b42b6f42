import type { FieldVerdict } from '../../facts/linkage/fieldVerdict';
import { isOfMember, MemoryAct } from '../../facts/linkage/memoryRecord';
import { type FieldReport, fieldReports } from '../../facts/memory';
import type { FileFacts } from '../../facts/site';
import type { KernelModel } from '../../kernel/model';
import { fieldVerdicts } from './fieldVerdicts';

/** A file beside the one that is looked at. */
export interface Neighbour {
  /** Relative to the tree's root. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How the files around one are found; they are read only when a member of a shared struct matters. */
export interface Neighbourhood {
  /** All C files and headers below a folder of the tree, but for the file itself; undefined when they are too many to be read beside an editor. */
  readonly below: (folder: string) => readonly Neighbour[] | undefined;
  /** What one of them does with members of these names, in steps. */
  readonly report: (neighbour: Neighbour, members: readonly string[]) => Generator<void, readonly FieldReport[]>;
}

/** Members that the file shares with others and whose life decides something in it. */
export function sharedMembers({ file, linkage }: FileFacts): readonly string[] {
  const records = (linkage?.memory ?? []).filter(({ act }) => isOfMember(act));
  const members = records.filter(({ act, member, families }) => {
    const others = records.filter((other) => other.member === member && other.act !== act);
    if (act === MemoryAct.Frees) return !others.some((fill) => fill.act !== MemoryAct.Frees && (fill.families & families) !== 0);
    return act === MemoryAct.FillsLarge || (act === MemoryAct.FillsUnbounded && !others.some((other) => other.act === MemoryAct.Frees));
  });
  return [...new Set(members.map(({ member }) => file.interner.text(member)))];
}

/** What the files of a folder say of members that this file fills or frees; in steps, for there may be many. */
export function* askNeighbours(
  facts: FileFacts,
  folder: string,
  model: KernelModel,
  { below, report }: Neighbourhood,
): Generator<void, readonly FieldVerdict[]> {
  const members = sharedMembers(facts);
  const files = members.length === 0 ? undefined : below(folder);
  if (files === undefined) return [];
  const own = fieldReports(facts, model, members);
  const keys = new Set(own.map(({ key }) => key));
  const reports = [...own];
  for (const file of files) {
    yield;
    const said = yield* report(file, members);
    reports.push(...said.filter(({ key }) => keys.has(key) || key.startsWith('?')));
  }
  return fieldVerdicts(reports, { calls: new Map(), possible: true }).get(facts.file.path) ?? [];
}
