import type { Verdicts } from '../../facts/linkage/verdict';
import { compareLinkage, type FileInShard, moveVerdicts } from '../cache/movedLinkage';

/** Texts of the editor in place of files, by path; undefined: the editor's text tells nothing that could be linked. */
export type Replaced = ReadonlyMap<string, FileInShard | undefined>;

export interface LiveProgram {
  /** What a file on disk tells the tree. */
  readonly onDisk: (path: string) => FileInShard | undefined;
  /** What the tree says with these texts in place of files. */
  readonly link: (replaced: Replaced) => Verdicts;
}

/** What a tree says of its calls while some of its files are edited. It is put together anew only when a text tells it something else than before. */
export class LiveVerdicts {
  /** What the verdicts were made with, where that is not what is on disk. */
  private readonly replaced = new Map<string, FileInShard | undefined>();

  constructor(
    private verdicts: Verdicts,
    private readonly program: LiveProgram,
  ) {}

  get all(): Verdicts {
    return this.verdicts;
  }

  /** Puts a text in place of a file (`null`: the file itself again). Answers the files of which other things are said now. */
  replace(path: string, text: FileInShard | undefined | null): readonly string[] {
    const before = this.replaced.has(path) ? this.replaced.get(path) : this.program.onDisk(path);
    const after = text === null ? this.program.onDisk(path) : text;
    if (text === null) this.replaced.delete(path);
    else this.replaced.set(path, text);
    if (before === undefined && after === undefined) return [];
    const outcome = before === undefined || after === undefined ? 'different' : compareLinkage(before, after);
    if (outcome === 'same') return [];
    const moved = outcome === 'different' ? undefined : moveVerdicts(this.verdicts, new Map([[path, outcome]]));
    return this.take(moved ?? this.program.link(this.replaced));
  }

  private take(next: Verdicts): readonly string[] {
    const before = this.verdicts;
    this.verdicts = next;
    return [...new Set([...before.keys(), ...next.keys()])].filter((path) => {
      const [old, now] = [before.get(path), next.get(path)];
      return old !== now && JSON.stringify(old) !== JSON.stringify(now);
    });
  }
}
