import type { AnalysisContext } from '../program/analyseSource';
import type { Neighbour } from '../program/link/neighbours';
import type { Project } from '../program/project';
import type { HostSettings } from './settings';

/** What the analysis needs of one kernel, apart from the user's rule settings. */
export type KernelContext = Omit<AnalysisContext, 'rules'>;

/**
 * Finds the kernel a file belongs to. The only way for ide/ to reach the file system; implementations cache, because the
 * questions come with every keystroke.
 */
export interface Kernels {
  /** The nearest kernel root above a path (absolute); undefined when there is none. */
  rootAbove(path: string): string | undefined;
  /** The kernel of a root, or of no tree at all: then the version of the settings, or the newest release known. */
  contextOf(root: string | undefined, settings: HostSettings): KernelContext;
  /** The project file that a path falls under; undefined when there is none. */
  projectOf(path: string): Project | undefined;
  /** The C files and headers below a folder of a tree; undefined when they are too many or too large to be read while somebody waits. */
  filesBelow?(root: string, folder: string): readonly Neighbour[] | undefined;
  /** Forgets what was read from disk. */
  forget(): void;
}

/** A document's kernel: which tree, by which path the document goes in it, and its model. */
export interface KernelOfFile {
  readonly root: string | undefined;
  /** Relative to the root where the document lies in it, else as the document has it. */
  readonly path: string;
  readonly context: KernelContext;
}

export function kernelOfFile(kernels: Kernels, path: string, settings: HostSettings): KernelOfFile {
  const above = kernels.rootAbove(path);
  const root = above ?? settings.kernelRoot;
  return { root, path: relativeTo(root, path), context: kernels.contextOf(root, settings) };
}

export function relativeTo(root: string | undefined, path: string): string {
  if (root === undefined) return path;
  const prefix = /[\\/]$/.test(root) ? root : root + (root.includes('\\') ? '\\' : '/');
  return path.startsWith(prefix) ? path.slice(prefix.length).replace(/\\/g, '/') : path;
}
