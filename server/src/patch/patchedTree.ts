import { applyPatch, reversePatch, type StructuredPatch } from 'diff';
import { PatchError } from './patchError';
import { nameOf, type PatchMail } from './patchText';

/** The tree that a patch is for. */
export interface PatchBase {
  /** Where it is, for people. */
  readonly root: string;
  /** A file by its path below the root, as latin-1; undefined: there is none. Throws {@link PatchError} when it cannot be read. */
  readonly read: (path: string) => string | undefined;
}

/** A tree's C files before and after a series of patches. Texts are latin-1; undefined: there is no such file. */
export interface PatchedTree {
  /** How many of the patches the files on disk contain already. */
  readonly applied: number;
  readonly before: ReadonlyMap<string, string | undefined>;
  readonly after: ReadonlyMap<string, string | undefined>;
  /** The old name of a file that the series renames or copies. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Finds out how far a series is applied to the tree already, and applies the rest in memory. Hunks may have moved, but have to match line
 * by line. Throws {@link PatchError} that names the patch, file and hunk that does not fit.
 */
export function applyToTree(mails: readonly PatchMail[], base: PatchBase, shown: string): PatchedTree {
  const series = mails.map((mail) => ({ ...mail, files: mail.files.filter(isSource) }));
  for (let applied = series.length; applied > 0; applied--) {
    const before = new Texts(base);
    if (tryAll(series.slice(0, applied).reverse(), (file) => before.revert(file)) !== undefined) continue;
    const after = new Texts(base);
    if (tryAll(series.slice(applied), (file) => after.apply(file)) === undefined) return { applied, ...sides(before, after) };
  }
  const after = new Texts(base);
  const failure = tryAll(series, (file) => after.apply(file));
  if (failure !== undefined) throw new PatchError(`${shown} does not fit the tree at ${base.root}: ${failure}`);
  return { applied: 0, ...sides(new Texts(base), after) };
}

function sides(before: Texts, after: Texts): Pick<PatchedTree, 'before' | 'after' | 'origins'> {
  const paths = new Set([...before.touched.keys(), ...after.touched.keys(), ...after.origins.values()]);
  const all = (texts: Texts): ReadonlyMap<string, string | undefined> => new Map([...paths].map((path) => [path, texts.text(path)]));
  const origins = new Map([...before.origins].map(([old, now]) => [now, old] as const));
  return { before: all(before), after: all(after), origins: new Map([...origins, ...after.origins]) };
}

/** Undefined when all went well, else what did not. */
function tryAll(series: readonly PatchMail[], step: (file: StructuredPatch) => string | undefined): string | undefined {
  for (const { subject, files } of series) {
    for (const file of files) {
      const failure = step(file);
      if (failure !== undefined) return subject === undefined ? failure : `"${subject}": ${failure}`;
    }
  }
  return undefined;
}

function isSource(file: StructuredPatch): boolean {
  return [file.oldFileName, file.newFileName].some((name) => /\.[ch]$/.test(nameOf(name) ?? ''));
}

/** Files of the tree as patches change them, read from disk when they are first asked for. */
class Texts {
  readonly touched = new Map<string, string | undefined>();
  /** From the name a file got to the one it had. */
  readonly origins = new Map<string, string>();

  constructor(private readonly base: PatchBase) {}

  text(path: string): string | undefined {
    return this.touched.has(path) ? this.touched.get(path) : this.base.read(path);
  }

  revert(file: StructuredPatch): string | undefined {
    return this.apply(reversePatch(file));
  }

  /** Undefined, or why the patch of the file does not fit. */
  apply(file: StructuredPatch): string | undefined {
    const from = nameOf(file.oldFileName);
    const to = nameOf(file.newFileName);
    if (from === undefined && to === undefined) return 'a part of it names no file';
    const outside = [from, to].find((path) => path !== undefined && isOutside(path));
    if (outside !== undefined) return `${outside} lies outside of the tree`;
    const creates = from === undefined || file.isCreate === true;
    const shown = (to ?? from)!;
    if (creates && this.text(shown) !== undefined && this.text(shown) !== '') return `${shown} is there already`;
    const source = creates ? '' : this.text(from!);
    if (source === undefined) return `there is no ${from}`;
    const result = file.hunks.length === 0 ? source : applyPatch(source, withinText(source, file));
    if (result === false) return `${shown}, ${misfit(source, file)}`;
    const deletes = to === undefined || file.isDelete === true;
    if (deletes && result !== '') return `${shown} has lines that the patch does not know`;
    if (from !== undefined && to !== undefined && from !== to) {
      this.origins.set(to, from);
      if (file.isCopy !== true) this.touched.set(from, undefined);
    }
    this.touched.set(shown, deletes ? undefined : result);
    return undefined;
  }
}

/**
 * The patch with no hunk behind the end of the text: from a line number that no text has, the search for the place of a hunk would count down
 * to the text line by line, for ever where the number is too large to count with.
 */
function withinText(source: string, file: StructuredPatch): StructuredPatch {
  const lines = source.split('\n').length;
  return { ...file, hunks: file.hunks.map((hunk) => ({ ...hunk, oldStart: Math.min(hunk.oldStart, lines + 1) })) };
}

function isOutside(path: string): boolean {
  return path.startsWith('/') || path.includes('\0') || path.split(/[\\/]/).includes('..');
}

/** The first hunk that does not fit, found by trying ever more of them. */
function misfit(source: string, file: StructuredPatch): string {
  const { hunks } = withinText(source, file);
  const at = hunks.findIndex((_, index) => applyPatch(source, { ...file, hunks: hunks.slice(0, index + 1) }) === false);
  const hunk = file.hunks[Math.max(0, at)]!;
  return `hunk ${Math.max(0, at) + 1} of ${hunks.length} (line ${hunk.oldStart}) does not match`;
}
