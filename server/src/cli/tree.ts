import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { SourceTree } from '../kernel/index';
import { findKernelRoot, isKernelMakefile } from '../program/kernelRoot';
import { reasonOf, UserError } from './errors';

/** Reads the text files of a kernel tree on disk. */
export function treeOnDisk(root: string): SourceTree {
  return { read: (path) => textOf(join(root, path)), readBytes: (path) => bytesOf(join(root, path)) };
}

/** The kernel tree of the paths: the one given (by `source`), else the nearest one above them; undefined when they lie in none. */
export function rootOf(given: string | undefined, paths: readonly string[], source = '--tree'): string | undefined {
  if (given !== undefined) return checkedRoot(resolve(given), source);
  const roots = new Set<string>();
  for (const path of paths) {
    const root = findKernelRoot(folderOf(path), makefileOf, dirname);
    if (root !== undefined) roots.add(root);
  }
  if (roots.size > 1)
    throw new UserError(`the paths belong to different kernel trees (${[...roots].join(', ')}): give --tree, or check them one by one`);
  return [...roots][0];
}

function checkedRoot(folder: string, source: string): string {
  try {
    if (!statSync(folder).isDirectory()) throw new UserError(`${source} ${folder}: is not a folder`);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${source} ${folder}: ${reasonOf(error)}`);
  }
  if (!isKernelMakefile(makefileOf(folder) ?? ''))
    throw new UserError(`${source} ${folder}: is not a kernel tree (no VERSION, PATCHLEVEL and SUBLEVEL in its Makefile)`);
  return folder;
}

function makefileOf(folder: string): string | undefined {
  return textOf(join(folder, 'Makefile'));
}

function folderOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? path : dirname(path);
  } catch {
    return dirname(path);
  }
}

function textOf(path: string): string | undefined {
  return bytesOf(path)?.toString('utf8');
}

function bytesOf(path: string): Buffer | undefined {
  // Most questions are for files that do not exist, and an exception costs more than the answer.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
