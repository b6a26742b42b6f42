import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { changesOfPatch, type PatchChanges } from '../patch/patchChanges';
import { PatchError } from '../patch/patchError';
import type { PatchBase } from '../patch/patchedTree';
import type { SourceEntry } from '../program/batches';
import type { ChangedLines } from '../report/changedLines';
import type { CheckOptions } from './checkOptions';
import { reasonOf, UserError } from './errors';
import { changesSince } from './git';
import { complain } from './output';
import { isWithin } from './paths';
import { readRegular } from './readRegular';
import { findSources, type Sources } from './sources';

/** What `--diff` or `--patch` narrows a run to. */
export interface Changes {
  /** By path relative to the root, as findings have it. */
  readonly lines: ReadonlyMap<string, ChangedLines>;
  /** Texts to analyse in place of what is on disk, by absolute path. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

/** Undefined when the whole of the sources is wanted. Throws {@link UserError} when git or the patch says no. */
export function findChanges(options: Pick<CheckOptions, 'diff' | 'patch' | 'fix' | 'fixDryRun'>, root: string): Changes | undefined {
  if (options.diff !== undefined) return { lines: changesSince(options.diff, root), texts: new Map() };
  if (options.patch === undefined) return undefined;
  const shown = `--patch ${options.patch}`;
  const { lines, texts, status, isApplied } = patchOnDisk(readPatchText(options.patch), root, shown);
  if (!isApplied && (options.fix === true || options.fixDryRun === true))
    throw new UserError(`${shown} is not applied to the tree, so there is nothing to fix yet: apply it first (git am)`);
  complain(status);
  return { lines, texts: new Map([...texts].map(([path, text]) => [join(root, path), text])) };
}

/** {@link changesOfPatch} for a tree on disk. Throws {@link UserError} when it does not fit. */
export function patchOnDisk(text: string, root: string, shown: string): PatchChanges {
  try {
    return changesOfPatch(text, patchBaseOnDisk(root), shown);
  } catch (error) {
    throw error instanceof PatchError ? new UserError(error.message) : error;
  }
}

/** The files of a tree on disk, none of which lies outside of it. */
export function patchBaseOnDisk(root: string): PatchBase {
  return { root, read: (path) => readTreeFile(root, path) };
}

function readTreeFile(root: string, path: string): string | undefined {
  try {
    const real = realpathSync(join(root, path));
    if (!isWithin(realpathSync(root), real)) throw new PatchError(`${path} is a link that leads out of the tree`);
    return readRegular(real).toString('latin1');
  } catch (error) {
    if (error instanceof PatchError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PatchError(`${join(root, path)}: ${reasonOf(error)}`);
  }
}

/** The files of a run: those of the change that lie below the paths. */
export function changedSources({ lines, texts }: Changes, root: string, given: readonly string[]): Sources {
  const onDisk: string[] = [];
  const entries: SourceEntry[] = [];
  for (const path of lines.keys()) {
    const absolute = join(root, path);
    if (!given.some((folder) => isWithin(folder, absolute))) continue;
    const text = texts.get(absolute);
    if (text === undefined) onDisk.push(absolute);
    else entries.push({ path: absolute, size: text.length });
  }
  const found = findSources(onDisk);
  const all = [...found.entries, ...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: all, named: new Set(), folders: new Set(), problems: found.problems, at: found.at };
}

function readPatchText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'latin1');
  } catch (error) {
    throw new UserError(`--patch ${path}: ${reasonOf(error)}`);
  }
}
