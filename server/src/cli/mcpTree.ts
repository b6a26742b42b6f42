import { readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { type AssistChange, AssistError, type AssistTree } from '../assist/assistant';
import { patchOnDisk } from './changes';
import { MAX_FILE } from './checkFiles';
import { analysisContext } from './context';
import { reasonOf, UserError } from './errors';
import { isWithin } from './paths';
import { foldersOf, loadProject } from './project';
import { readRegular } from './readRegular';
import { findSources } from './sources';
import { rootOf } from './tree';

/** Where an assistant's server reads, and what it judges by. */
export interface McpSetup {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** `X.Y[.Z]` in place of the tree's release. */
  readonly kernel: string | undefined;
  /** Text of a configuration in place of the tree's. */
  readonly config: string | undefined;
}

/** A tree on disk for an assistant: nothing outside of it is read, also not through symbolic links, and nothing is written. */
export function treeForAssistant({ root, kernel, config }: McpSetup): AssistTree & { readonly isKernel: boolean } {
  const tree = rootOf(undefined, [root]) === root ? root : undefined;
  const project = loadProject(tree, root, (path) => path);
  const context = analysisContext({
    tree,
    kernel: kernel ?? project?.kernel,
    config: config ?? (project?.config === undefined ? undefined : readRegular(project.config).toString('utf8')),
    rules: {
      severities: new Map(),
      folders: project === undefined ? [] : foldersOf(project, root),
      enabled: undefined,
      possible: project?.possible ?? false,
    },
  });
  return {
    isKernel: tree !== undefined,
    context,
    known: project?.baseline,
    read: (path) => asAssistError(path, () => readSource(inside(root, path))),
    list: (path) => asAssistError(path, () => sourcesBelow(root, inside(root, path))),
    change: (patch) => asAssistError('the patch', () => change(patch, root)),
  };
}

/** The real path of something in the tree. */
function inside(root: string, path: string): string {
  const absolute = resolve(root, path);
  const outside = new AssistError(`${path} lies outside of ${root}: give a path relative to it`);
  if (!isWithin(root, absolute)) throw outside;
  const real = realpathSync(absolute);
  if (!isWithin(root, real)) throw outside;
  return real;
}

function readSource(path: string): Uint8Array {
  const stat = statSync(path);
  if (!stat.isFile()) throw new AssistError(`${path} is not a file`);
  if (stat.size > MAX_FILE) throw new AssistError(`${path} is larger than ${MAX_FILE >> 20} MiB`);
  return readFileSync(path);
}

function sourcesBelow(root: string, path: string): readonly string[] {
  return findSources([path]).entries.map((entry) => relative(root, entry.path).replaceAll(sep, '/'));
}

function change(patch: string, root: string): AssistChange {
  const { lines, texts, status } = patchOnDisk(Buffer.from(patch, 'utf8').toString('latin1'), root, 'the patch');
  for (const path of lines.keys()) if (!texts.has(path)) inside(root, path);
  return { status, lines, texts };
}

/** Mistakes of the question, and what the file system says, are answers; anything else is our own. */
function asAssistError<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AssistError) throw error;
    if (error instanceof UserError) throw new AssistError(error.message);
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw new AssistError(`${what}: ${reasonOf(error)}`);
    throw error;
  }
}
