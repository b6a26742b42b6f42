/** Told what the answers of headers rest on, while they are worked out. Paths are relative to the tree's root. */
export interface IncludeNotes {
  /** Something was asked that the includes of this file answer. */
  asked(file: string): void;
  /** A file includes another one: `path` as written, and the file that was found for it. */
  included(from: string, path: string, found: string | undefined): void;
}
