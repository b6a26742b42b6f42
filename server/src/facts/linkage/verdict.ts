/** A step of the way from the event that forbids sleeping (or the proof that it is allowed) to the call. Offsets in bytes. */
export interface VerdictStep {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What the analysis of a whole tree says of one call; a plain value that can be sent to a worker. */
export interface CallVerdict {
  /**
   * `atomic`: sleeping is forbidden in a caller. `may-sleep`: whoever calls, sleeping is allowed. `no-fs`, `no-io`: reclaim that enters
   * the file system, or starts I/O, would wait for a caller.
   */
  readonly kind: 'atomic' | 'may-sleep' | 'no-fs' | 'no-io';
  /** Where the called name begins and ends. */
  readonly offset: number;
  readonly end: number;
  readonly certainty: 'definite' | 'possible';
  /** Completes "…, but": `its caller foo() holds spinlock &x->lock`. */
  readonly reason: string;
  readonly steps: readonly VerdictStep[];
}

/** Verdicts by file, as the tree's paths are written. */
export type Verdicts = ReadonlyMap<string, readonly CallVerdict[]>;
