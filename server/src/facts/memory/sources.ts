import type { CallSite } from '../site';
import type { FileMemory } from './fileMemory';
import { outParameter } from './outParameters';
import type { PlaceHistory } from './placeHistories';
import type { PlaceUse } from './placeUses';

/** Where the memory in a place comes from, as far as one file shows it. */
export interface Sources {
  readonly allocations: readonly CallSite[];
  /** Nothing else is seen to be stored there. */
  readonly complete: boolean;
  /** Values that come from elsewhere: results of other files' functions, parameters. */
  readonly open: readonly number[];
  /** Nothing but the values in `open` is in doubt. */
  readonly closed: boolean;
}

const MAX_COPIES = 2;

/** Allocations that end up in a place: directly, or through a local variable that holds nothing else. */
export function sourcesOf(memory: FileMemory, history: PlaceHistory, depth = 0): Sources {
  const parts: Sources[] = [];
  let closed = !history.unclear.some(mayStore);
  for (const use of history.uses) {
    if (use.kind === 'allocated') parts.push(allocated(use.call!));
    if (use.kind === 'assigned') parts.push(sourcesOfValue(memory, use.other!, depth));
    const filled = use.kind === 'address-taken' && depth < MAX_COPIES ? sourcesThrough(memory, use, depth + 1) : undefined;
    if (filled !== undefined) parts.push(filled);
    else if (use.kind === 'address-taken' || use.kind === 'other') closed = false;
  }
  return joined(parts, closed);
}

/** What a function of the file stores in a variable of which it gets the address. */
function sourcesThrough(memory: FileMemory, { callee, position }: PlaceUse, depth: number): Sources | undefined {
  const out = callee === undefined ? undefined : outParameter(memory, callee, position!);
  if (out === undefined) return undefined;
  const uses = out.places.map((place) => memory.useOf(place));
  const parts = uses.flatMap((use) => {
    if (use.kind === 'allocated') return [allocated(use.call!)];
    return use.kind === 'assigned' ? [sourcesOfValue(memory, use.other!, depth)] : [];
  });
  return joined(parts, !uses.some(({ kind }) => kind === 'address-taken' || kind === 'other'));
}

/** Where the value of an expression comes from. */
export function sourcesOfValue(memory: FileMemory, value: number, depth = 0): Sources {
  return joined(
    memory.arms(value).map((arm) => sourcesOfArm(memory, arm, depth)),
    true,
  );
}

const NOTHING: Sources = { allocations: [], complete: true, open: [], closed: true };

function allocated(call: CallSite): Sources {
  return { ...NOTHING, allocations: [call] };
}

function joined(parts: readonly Sources[], closed: boolean): Sources {
  return {
    allocations: parts.flatMap((part) => part.allocations),
    complete: closed && parts.every((part) => part.complete),
    open: parts.flatMap((part) => part.open),
    closed: closed && parts.every((part) => part.closed),
  };
}

/** A use of a member whose struct is not known, that would matter if it were this one. */
function mayStore({ kind, nullValue }: PlaceUse): boolean {
  return kind === 'allocated' || kind === 'freed' || kind === 'address-taken' || (kind === 'assigned' && nullValue !== true);
}

/** One value given to a place: an allocation, NULL, or what a local variable holds. */
function sourcesOfArm(memory: FileMemory, arm: number, depth: number): Sources {
  if (memory.isNull(arm)) return NOTHING;
  const call = memory.call(arm);
  if (call?.api?.allocates !== undefined) return allocated(call);
  const made = depth < MAX_COPIES ? memory.calledFunction(arm) : undefined;
  if (made !== undefined) return sourcesOfFunction(memory, made, depth + 1);
  const source = depth < MAX_COPIES ? memory.history(arm) : undefined;
  const inner = source?.kind === 'local' ? sourcesOf(memory, source, depth + 1) : undefined;
  const isOpen = inner === undefined || (inner.allocations.length === 0 && inner.open.length === 0);
  return isOpen ? { allocations: [], complete: false, open: [arm], closed: true } : inner;
}

/** What a function of the file returns. */
export function sourcesOfFunction(memory: FileMemory, functionNode: number, depth = 0): Sources {
  const found = joined(
    [...memory.returnedValues(functionNode)].map((value) => sourcesOfValue(memory, value, depth)),
    true,
  );
  return { ...found, complete: found.complete && found.allocations.length > 0 };
}
