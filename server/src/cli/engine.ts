import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/**
 * How much of the functions it calls V8 compiles into a function, in bytes of its code: at most so much of one, and of all together. With the defaults (460, 920)
 * compiling takes more than a quarter of the processors in the first half minute, and the code runs no faster.
 */
const INLINED = { 'max-inlined-bytecode-size': 250, 'max-inlined-bytecode-size-cumulative': 200 };

/** Prepares the engine for threads that run the same analysis for seconds to minutes. Holds for the whole process. */
export function tuneForBatch(): void {
  for (const [flag, bytes] of Object.entries(INLINED)) setFlagsFromString(`--${flag}=${bytes}`);
}

/** What a thread has at least when it is made to look for what it does not need any more, bytes. */
const WORTH_COLLECTING = 128 << 20;

/**
 * Gives back what nobody refers to any more. For a place where hundreds of megabytes are given up and little is allocated afterwards: by itself the engine
 * would wait until as much again is asked for.
 */
export async function collectGarbage(): Promise<void> {
  const { total_heap_size: objects, external_memory: arrays } = getHeapStatistics();
  if (objects + arrays < WORTH_COLLECTING) return;
  // The engine is told to collect all when it collects anything; `gc()` is only there for threads that start after its flag was set.
  setFlagsFromString('--gc-global');
  const witness = new WeakRef({});
  for (let made = 0; made < MUCH && isThere(witness); made += LITTER) {
    // A weak reference that was looked at holds on until the end of the turn.
    await nextTurn();
    makeLitter();
  }
  setFlagsFromString('--no-gc-global');
}

/** More than the young generation holds, bytes. */
const MUCH = 128 << 20;
/** Short-lived values of one turn, bytes, and of one array: larger ones have a place of their own. */
const LITTER = 1 << 20;
const PIECE = 64 << 10;

function isThere(witness: WeakRef<object>): boolean {
  return witness.deref() !== undefined;
}

let litter: unknown;

function makeLitter(): void {
  for (let made = 0; made < LITTER; made += PIECE) litter = new Array(PIECE / 8).fill(litter === undefined);
  litter = undefined;
}
