import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';
import type { PlaceHistory } from './placeHistories';
import type { PlaceUse } from './placeUses';

/** Where the memory in a place comes from, as far as one file shows it. */
export interface Sources {
  readonly allocations: readonly CallSite[];
  /** Nothing else is seen to be stored there. */
  readonly complete: boolean;
}

const MAX_COPIES = 2;

/** Allocations that end up in a place: directly, or through a local variable that holds nothing else. */
export function sourcesOf(memory: FileMemory, history: PlaceHistory, depth = 0): Sources {
  const allocations: CallSite[] = [];
  let complete = !history.unclear.some(mayStore) && !history.uses.some((use) => use.kind === 'address-taken' || use.kind === 'other');
  for (const use of history.uses) {
    if (use.kind === 'allocated') allocations.push(use.call!);
    if (use.kind !== 'assigned') continue;
    for (const arm of memory.arms(use.other!)) {
      const inner = sourcesOfArm(memory, arm, depth);
      allocations.push(...inner.allocations);
      complete &&= inner.complete;
    }
  }
  return { allocations, complete };
}

/** A use of a member whose struct is not known, that would matter if it were this one. */
function mayStore({ kind, nullValue }: PlaceUse): boolean {
  return kind === 'allocated' || kind === 'freed' || kind === 'address-taken' || (kind === 'assigned' && nullValue !== true);
}

/** One value given to a place: an allocation, NULL, or what a local variable holds. */
function sourcesOfArm(memory: FileMemory, arm: number, depth: number): Sources {
  if (memory.isNull(arm)) return { allocations: [], complete: true };
  const call = memory.call(arm);
  if (call?.api?.allocates !== undefined) return { allocations: [call], complete: true };
  const made = depth < MAX_COPIES ? memory.calledFunction(arm) : undefined;
  if (made !== undefined) return sourcesOfFunction(memory, made, depth + 1);
  const source = depth < MAX_COPIES ? memory.history(arm) : undefined;
  const inner = source?.kind === 'local' ? sourcesOf(memory, source, depth + 1) : undefined;
  return inner === undefined || inner.allocations.length === 0 ? { allocations: [], complete: false } : inner;
}

/** What a function of the file returns. */
export function sourcesOfFunction(memory: FileMemory, functionNode: number, depth = 0): Sources {
  const allocations: CallSite[] = [];
  let complete = true;
  for (const value of memory.returnedValues(functionNode)) {
    for (const arm of memory.arms(value)) {
      const inner = sourcesOfArm(memory, arm, depth);
      allocations.push(...inner.allocations);
      complete &&= inner.complete;
    }
  }
  return { allocations, complete: complete && allocations.length > 0 };
}
