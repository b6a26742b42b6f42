/** Access to the files of a kernel tree, by path below its root. */
export interface TreeReader {
  /** The file as text, or undefined when it does not exist or cannot be read. Must not throw. */
  read(path: string): string | undefined;
}

/** A tree whose headers are followed as well. */
export interface SourceTree extends TreeReader {
  /** The file as it is, or undefined. Must not throw. */
  readBytes(path: string): Uint8Array | undefined;
}
