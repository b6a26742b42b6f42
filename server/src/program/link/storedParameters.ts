import { Via } from '../../facts/linkage/linkage';
import type { ProgramGraph } from './graph';
import { followHandedOn, type HandedOn } from './handedOn';

/** A member of a struct, or an array, in which functions are stored. */
export interface Place {
  /** The member's name, or the array's. */
  readonly member: number;
  /** The struct's tag; 0 where it is not known, and for arrays. */
  readonly struct: number;
  /** The file that stores it there. */
  readonly file: number;
}

/** Where a function stores what it is handed, by position. */
export type StoredParameters = ReadonlyMap<number, readonly Place[]>;

/** Places of one parameter that are told apart. */
const MAX_PLACES = 8;
/** Rounds in which functions are found that hand a parameter to one that stores it. */
const MAX_WRAPPING = 4;

/**
 * The functions that store a parameter which is a function, by name: `void ring_register(struct ring *r, void (*done)(struct ring *)) { r->done = done; }`, and those
 * that hand theirs on to one of these. Only names that one function alone has.
 */
export function storedParameters(graph: ProgramGraph): ReadonlyMap<number, StoredParameters> {
  const found = new Map<number, Map<number, Place[]>>();
  const add = (fn: number, parameter: number, place: Place): boolean => {
    if (graph.hasNamesake(fn)) return false;
    let byPosition = found.get(graph.nameOf(fn));
    if (!byPosition) found.set(graph.nameOf(fn), (byPosition = new Map()));
    const known = byPosition.get(parameter) ?? [];
    if (known.length === MAX_PLACES || known.some(({ member, struct }) => member === place.member && struct === place.struct)) return false;
    byPosition.set(parameter, [...known, place]);
    return true;
  };
  for (let call = 0; call < graph.callCount; call++) {
    if (graph.viaOf(call) !== Via.Store) continue;
    const place = { member: graph.calleeOf(call), struct: graph.receiverOf(call), file: graph.fileOf(graph.callerOf(call)) };
    graph.eachPassedOn(call, (_, parameter) => add(graph.callerOf(call), parameter, place));
  }
  const storedBy = (call: number): StoredParameters | undefined =>
    graph.viaOf(call) === Via.Name ? found.get(graph.calleeOf(call)) : undefined;
  const learn = (stored: StoredParameters, { call, position, parameter }: HandedOn): boolean => {
    let isNews = false;
    for (const place of stored.get(position) ?? []) if (add(graph.callerOf(call), parameter, place)) isNews = true;
    return isNews;
  };
  followHandedOn(graph, MAX_WRAPPING, storedBy, learn);
  return found;
}
