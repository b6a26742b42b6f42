import type { Neighbour } from '../program/link/neighbours';

/**
 * The files of the machine on which the server runs. Paths are as that machine has them; in a browser, where there is no disk, they are URIs. Nothing here
 * throws: what cannot be read is not there.
 */
export interface Files {
  /** Undefined for a document that is no file: `untitled:`. */
  readonly pathOf: (uri: string) => string | undefined;
  readonly uriOf: (path: string) => string;
  readonly isAbsolute: (path: string) => boolean;
  /** The folder above; the same path at the top. */
  readonly parent: (path: string) => string;
  /** `path`, below `folder` where it is relative. */
  readonly resolve: (folder: string, path: string) => string;
  /** Undefined: no file, or longer than `most` bytes. */
  readonly read: (path: string, most?: number) => Uint8Array | undefined;
  /** Something that differs when the file on disk is another one or was written; undefined where it is not there. Absent where that is not cheap. */
  readonly stamp?: (path: string) => string | undefined;
  readonly isFolder: (path: string) => boolean;
  /** Without symbolic links; the path itself where there are none. */
  readonly realPath: (path: string) => string;
  /** The C files and headers below a folder. */
  readonly sources: (folder: string, isCancelled: () => boolean) => Promise<readonly string[]>;
  /**
   * The C files and headers below a folder of a tree, with paths relative to that tree; undefined when they are too many or too large to be read while somebody
   * waits. Absent where reading is not cheap.
   */
  readonly below?: (root: string, folder: string) => readonly Neighbour[] | undefined;
  /** Whether reading is cheap enough to follow the includes of every file of a tree. */
  readonly followIncludes: (root: string | undefined) => boolean;
  /** The file changed; absent where it is read anew each time. */
  readonly forget?: (path: string) => void;
  /** Calls back when a file changes or appears, for clients that do not watch files; absent where that is not possible. */
  readonly watch?: (path: string, changed: () => void) => void;
}

/** The name of a file without its folder. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
