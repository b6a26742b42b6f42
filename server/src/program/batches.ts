/** A file to analyse. */
export interface SourceEntry {
  /** Absolute path. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Cuts the files into batches for the workers, in the order of their paths: files of one folder share headers, which a worker reads once. Batches
 * are small enough that the last ones finish at nearly the same time.
 */
export function makeBatches<Entry extends SourceEntry>(entries: readonly Entry[], jobs: number): readonly (readonly Entry[])[] {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const total = sorted.reduce((sum, entry) => sum + entry.size, 0);
  const target = Math.min(MAX_BATCH_BYTES, total / (jobs * BATCHES_PER_JOB));
  const batches: Entry[][] = [];
  let current: Entry[] = [];
  let bytes = 0;
  for (const entry of sorted) {
    current.push(entry);
    bytes += entry.size;
    if (bytes < target && current.length < MAX_BATCH_FILES) continue;
    batches.push(current);
    current = [];
    bytes = 0;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

const BATCHES_PER_JOB = 16;
const MAX_BATCH_BYTES = 2 << 20;
const MAX_BATCH_FILES = 256;
