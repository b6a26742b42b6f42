/** Access to the files of a kernel tree, by path below its root. */
export interface TreeReader {
  /** The file as text, or undefined when it does not exist or cannot be read. Must not throw. */
  read(path: string): string | undefined;
}
