import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/**
 * How much of the functions it calls V8 compiles into a function, in bytes of its code: at most so much of one, and of all together. With the defaults (460, 920)
 * compiling takes more than a quarter of the processors in the first half minute, and the code runs no faster.
 */
const INLINED = { 'max-inlined-bytecode-size': 250, 'max-inlined-bytecode-size-cumulative': 200 };

/** Prepares the engine for threads that run the same analysis for seconds to minutes. Holds for the whole process. */
export function tuneForBatch(): void {
  for (const [flag, bytes] of Object.entries(INLINED)) setFlagsFromString(`--${flag}=${bytes}`);
  setFlagsFromString('--expose-gc');
}

/** What a thread has at least when it is made to look for what it does not need any more, bytes. */
const WORTH_COLLECTING = 128 << 20;

/**
 * Gives back what nobody refers to any more, in a thread that was started after {@link tuneForBatch}. For a place where hundreds of megabytes are given up
 * and little is allocated afterwards: by itself the engine would wait until as much again is asked for.
 */
export function collectGarbage(): void {
  const { total_heap_size: objects, external_memory: arrays } = getHeapStatistics();
  if (objects + arrays < WORTH_COLLECTING) return;
  globalThis.gc?.();
}
