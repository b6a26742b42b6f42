import type { Shard } from '../link/shard';

/** What the thread that keeps a tree's index is started with. */
export interface IndexSetup {
  readonly role: 'index';
  /** The kernel tree, absolute. */
  readonly root: string;
  /** `X.Y[.Z]` in place of the tree's release. */
  readonly kernel: string | undefined;
  /** Path of a configuration in place of the tree's. */
  readonly config: string | undefined;
  readonly jobs: number;
  /** Also say in which contexts functions may run. */
  readonly contexts: boolean;
}

export type ToIndex =
  /** Looks at the tree on disk, as far as it has changed. */
  | { readonly kind: 'refresh' }
  | { readonly kind: 'cancel' }
  /** The editor has another text than the disk; `shard`: what that tells the tree. Without a name the file counts again. */
  | { readonly kind: 'text'; readonly path: string; readonly name: string | undefined; readonly shard: Shard | undefined };

/** What is said of a file. */
export interface FileVerdicts {
  readonly path: string;
  /** The text that offsets refer to: name of one of the editor's texts, or checksum of the file's content. */
  readonly text: string;
  /** JSON of the verdicts: few of them are ever looked at. */
  readonly verdicts: string;
}

export type FromIndex =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** All that is said of the tree; what was said before does not count any more. */
  | { readonly kind: 'ready'; readonly files: number; readonly verdicts: readonly FileVerdicts[] }
  /** What is said of single files has changed; all of their names. */
  | { readonly kind: 'changed'; readonly verdicts: readonly FileVerdicts[] }
  /** The contexts of all functions, by file: JSON of {@link FunctionContext}s. */
  | { readonly kind: 'contexts'; readonly byFile: readonly (readonly [path: string, contexts: string])[] }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };
