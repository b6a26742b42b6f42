import { isOfMember, MemoryAct } from '../../facts/linkage/memoryRecord';
import type { ProgramGraph } from './graph';
import { subsystemOf } from './subsystem';

/** A member, or what a function returns or takes, whose life seems to concern several files. */
export interface FieldQuestion {
  /** The member's name, or the function's with what it is about: `ring_new()`, `ring_add(1)`. */
  readonly member: string;
  /** The files that fill or free it: they can say which struct is meant. */
  readonly files: readonly string[];
  /** Folders whose other files may name the member as well; none for a function. */
  readonly folders: readonly string[];
}

/** What is filled or freed under one name below one folder. */
interface Group {
  readonly folders: Set<string>;
  /** Files that fill the member, with the families; files that free it. */
  readonly fills: { readonly file: number; readonly families: number; readonly act: MemoryAct }[];
  readonly frees: { readonly file: number; readonly families: number }[];
}

/** Folders in which a name may occur for its places to be compared beyond one folder. */
const MAX_FOLDERS = 3;

/**
 * Members that one file seems to fill with memory of a kind that another one does not free, and members whose large blocks could come from kvmalloc().
 * Names are compared, not structs, so most are nothing: whoever asks looks closer, at first only in the files that fill and free them.
 * `possible`: sizes without a bound count as large.
 */
export function fieldQuestions(graph: ProgramGraph, possible: boolean): FieldQuestion[] {
  return [...groupsOf(graph)].flatMap(([member, groups]) =>
    groups
      .filter((group) => isConvertible(group, possible) || isMismatched(group))
      .map(({ folders, fills, frees }) => ({
        member: graph.names.text(member),
        files: [...new Set([...fills, ...frees].map(({ file }) => graph.files[file]!))],
        folders: [...folders],
      })),
  );
}

/** Where a size has no bound, the other files are of interest only if the memory is not freed where it is allocated. */
function isConvertible({ fills, frees }: Group, possible: boolean): boolean {
  return fills.some(
    ({ act, file }) =>
      act === MemoryAct.FillsLarge ||
      (possible && act === MemoryAct.FillsUnbounded && frees.length > 0 && !frees.some((free) => free.file === file)),
  );
}

/** Some file frees what it does not itself fill, with a function that does not take what another file puts there. */
function isMismatched({ fills, frees }: Group): boolean {
  return frees.some((free) => {
    const own = fills.some((fill) => fill.file === free.file && (fill.families & free.families) !== 0);
    return !own && fills.some((fill) => fill.file !== free.file && (fill.families & free.families) === 0);
  });
}

function groupsOf(graph: ProgramGraph): Map<number, Group[]> {
  const byName = new Map<number, Map<string, Group>>();
  graph.eachMemoryRecord((file, { member, act, families }) => {
    if (!isOfMember(act)) return;
    const folder = subsystemOf(graph.files[file]!);
    let groups = byName.get(member);
    if (groups === undefined) byName.set(member, (groups = new Map()));
    let group = groups.get(folder);
    if (group === undefined) groups.set(folder, (group = { folders: new Set([folder]), fills: [], frees: [] }));
    if (act === MemoryAct.Frees) group.frees.push({ file, families });
    else group.fills.push({ file, families, act });
  });
  return new Map([...byName].map(([member, groups]) => [member, withWhole([...groups.values()])]));
}

/** A rare name means the same struct in all of its folders. */
function withWhole(groups: readonly Group[]): Group[] {
  if (groups.length === 1 || groups.length > MAX_FOLDERS) return [...groups];
  const whole: Group = {
    folders: new Set(groups.flatMap((group) => [...group.folders])),
    fills: groups.flatMap((group) => group.fills),
    frees: groups.flatMap((group) => group.frees),
  };
  return [whole];
}
