import type { Random } from './random';

/** One part of the program that reads what strangers wrote. */
export interface FuzzTarget {
  readonly name: string;
  /** Words and fragments that mean something to this part. */
  readonly words: readonly string[];
  /** Folders and files of server/src whose words the long runs add, because they stand for something in an input. */
  readonly sources?: readonly string[];
  /** Each line of an input is a JSON message, which is also changed as a tree. */
  readonly json?: boolean;
  /**
   * Reads the input and throws when a promise is broken: an exception, a range outside of the text, another answer to the same question. May use the
   * random numbers to choose what is asked of the input.
   */
  readonly run: (input: Uint8Array, random: Random) => void | Promise<void>;
}
