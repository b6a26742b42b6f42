import type { AnalysisContext } from '../program/analyseSource';
import type { ChangedLines } from '../report/changedLines';

/** A question that has no answer, for the assistant to ask a better one. */
export class AssistError extends Error {}

/** A patch as it changes the tree. */
export interface AssistChange {
  /** Whether the patch is applied to the tree, in words. */
  readonly status: string;
  /** The C files it changes, with the lines, by path relative to the root. */
  readonly lines: ReadonlyMap<string, ChangedLines>;
  /** Texts that are not on disk, by path relative to the root. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

/**
 * What the questions of an assistant are answered from: one tree, read only. Paths are relative to its root; every method throws
 * {@link AssistError} for a path that leads out of it or cannot be read.
 */
export interface AssistTree {
  readonly context: AnalysisContext;
  /** Fingerprints of the baseline. */
  readonly known: ReadonlySet<string> | undefined;
  readonly read: (path: string) => Uint8Array;
  /** The file itself, or the C files below a folder. */
  readonly list: (path: string) => readonly string[] | Promise<readonly string[]>;
  readonly change: (patch: string) => AssistChange;
}
