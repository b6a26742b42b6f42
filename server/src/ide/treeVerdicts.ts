import type { CallVerdict } from '../facts/linkage/verdict';
import type { FunctionContext } from '../program/link/functionContexts';
import type { Shard } from '../program/link/shard';

/** What an index of a whole tree says of the editor's texts. Paths are relative to the root. */
export interface TreeVerdicts {
  /** Undefined: there is no index of this tree. `verdicts` undefined: it does not know this text. */
  of(root: string | undefined, path: string, bytes: Uint8Array): { readonly verdicts: readonly CallVerdict[] | undefined } | undefined;
  /** The contexts in which a file's functions may run; undefined: no index of this tree knows. */
  contexts(root: string | undefined, path: string): readonly FunctionContext[] | undefined;
  /** Here is what a text tells the tree; what the tree says of it comes later. */
  tell(root: string, path: string, bytes: Uint8Array, shard: Shard): void;
}

export const NO_INDEX: TreeVerdicts = { of: () => undefined, contexts: () => undefined, tell: () => undefined };
