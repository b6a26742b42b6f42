import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { structuredPatch } from 'diff';
import type { SourceEntry } from '../program/batches';
import { ALL_LINES, type ChangedLines, changedLines } from '../report/changedLines';
import type { CheckOptions } from './checkOptions';
import { reasonOf, UserError } from './errors';
import { changesSince } from './git';
import { complain } from './output';
import { applyToTree, type PatchedTree } from './patchedTree';
import { readPatches } from './patchText';
import { isWithin } from './paths';
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
  const { changes, status, isApplied } = changesOfPatch(readPatchText(options.patch), root, shown);
  if (!isApplied && (options.fix === true || options.fixDryRun === true))
    throw new UserError(`${shown} is not applied to the tree, so there is nothing to fix yet: apply it first (git am)`);
  complain(status);
  return changes;
}

/** What a patch (latin-1) changes, and how far the tree has it already. Throws {@link UserError} when it does not fit. */
export function changesOfPatch(text: string, root: string, shown: string): { changes: Changes; status: string; isApplied: boolean } {
  const mails = readPatches(text, shown);
  const tree = applyToTree(mails, root, shown);
  const isApplied = tree.applied === mails.length;
  return { changes: changesOf(tree, root, !isApplied), status: statusOf(tree, mails.length), isApplied };
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
  return { entries: all, named: new Set(), folders: new Set(), problems: found.problems };
}

function readPatchText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'latin1');
  } catch (error) {
    throw new UserError(`--patch ${path}: ${reasonOf(error)}`);
  }
}

function statusOf({ applied }: PatchedTree, count: number): string {
  const patches = count === 1 ? 'the patch' : `the ${count} patches`;
  if (applied === count) return `${patches} ${count === 1 ? 'is' : 'are'} applied already: the tree is checked as it is`;
  if (applied === 0) return `${patches} ${count === 1 ? 'fits' : 'fit'} the tree: checked as if applied`;
  return `${applied} of ${patches} are applied already; checked as if the rest were`;
}

function changesOf({ before, after, origins }: PatchedTree, root: string, inMemory: boolean): Changes {
  const lines = new Map<string, ChangedLines>();
  const texts = new Map<string, Uint8Array>();
  for (const [path, text] of after) {
    const origin = before.get(path) ?? before.get(origins.get(path) ?? '');
    if (text === undefined || text === before.get(path) || !/\.[ch]$/.test(path)) continue;
    lines.set(path, linesOf(origin, text));
    if (inMemory) texts.set(join(root, path), Buffer.from(text, 'latin1'));
  }
  return { lines, texts };
}

/** More differences than this are no patch that somebody reads, but a new text. */
const MAX_EDITS = 5000;

function linesOf(before: string | undefined, after: string): ChangedLines {
  if (before === undefined) return ALL_LINES;
  const patch = structuredPatch('', '', before, after, '', '', { context: 0, maxEditLength: MAX_EDITS });
  return patch === undefined ? ALL_LINES : changedLines(patch.hunks);
}
