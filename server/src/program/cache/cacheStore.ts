/** Where the cache of one tree lies: named pieces of bytes. Nothing throws; a store that cannot be written just forgets. */
export interface CacheStore {
  /** The whole piece; undefined when there is none. */
  read(name: string): Uint8Array | undefined;
  /** Part of a piece; undefined when it is not as long, or gone. */
  readRange(name: string, offset: number, length: number): Uint8Array | undefined;
  /** Writes a piece as a whole: readers see the old one or the new one. Returns whether it was possible. */
  write(name: string, parts: readonly Uint8Array[]): boolean;
  /** A name that no other piece has. */
  freshName(kind: string): string;
  /** Checksum of bytes, in letters; of equal length for all. */
  digest(bytes: Uint8Array): string;
}
