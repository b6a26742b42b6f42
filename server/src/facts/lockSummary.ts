import type { LocalFunction } from './fileScope';
import type { HeldEntry } from './state';

/** What calling a function of the file does to the locks its caller holds. */
export interface LockSummary {
  /** The caller's, released: on every path (`must`) or on some. */
  readonly released: readonly HeldEntry[];
  /** Taken and still held at the return. */
  readonly held: readonly HeldEntry[];
  readonly parameters: readonly string[];
}

/** Finds the summary of a function of the file; undefined when calling it changes nothing (or nothing can be told). */
export interface SummaryLookup {
  of(local: LocalFunction): LockSummary | undefined;
}
