import { ATOMIC_BITS, GuardOn } from '../../facts/linkage/linkage';
import { Known } from './choiceSets';
import type { ProgramGraph } from './graph';
import type { NameResolution } from './nameResolution';
import type { Relevance } from './relevance';

/** An allocation under a lock, with the mask that a caller passes, which sleeps. */
export interface PassedMask {
  /** The allocating call. */
  readonly call: number;
  /** The calls from the one with the mask in it down to the function that allocates. */
  readonly way: readonly number[];
  readonly certain: boolean;
}

/** Calls that a mask is handed through. */
const MAX_LEVELS = 4;

/** Finds for each allocation that sleeps where its function must not, if its parameter says so, the nearest caller that passes such a mask. */
export function* passedMasks(graph: ProgramGraph, resolution: NameResolution, relevance: Relevance): Generator<PassedMask> {
  for (let call = 0; call < graph.callCount; call++) {
    if ((graph.heldAt(call) & ATOMIC_BITS) === 0) continue;
    const parameter = graph.maskParameterOf(call);
    const way = parameter < 0 ? undefined : wayOfMask(graph, resolution, relevance, graph.callerOf(call), parameter);
    // Whoever looks at the mask (`gfpflags_allow_blocking(gfp)`) may have dropped the lock for it.
    if (way) yield { call, way, certain: way.length < MAX_LEVELS && graph.everyGuard(call, (parameter) => parameter !== GuardOn.Sleeping) };
  }
}

/** The calls through which a function is given a mask that sleeps, the shortest way; undefined where nobody passes one. */
function wayOfMask(
  graph: ProgramGraph,
  resolution: NameResolution,
  relevance: Relevance,
  fn: number,
  parameter: number,
): readonly number[] | undefined {
  let ways: { readonly fn: number; readonly parameter: number; readonly way: readonly number[] }[] = [{ fn, parameter, way: [] }];
  const seen = new Set([fn]);
  for (let level = 0; level < MAX_LEVELS; level++) {
    const next: typeof ways = [];
    for (const at of ways) {
      let found: readonly number[] | undefined;
      relevance.eachCallOf(graph.nameOf(at.fn), (call) => {
        const caller = graph.callerOf(call);
        const { functions, ambiguous } = resolution.of(graph.fileOf(caller), graph.nameOf(at.fn));
        if (found || ambiguous || !functions.includes(at.fn)) return;
        const way = [call, ...at.way];
        if (graph.constantAt(call, at.parameter) === Known.Nonzero && (graph.heldAt(call) & ATOMIC_BITS) === 0) found = way;
        const handedOn = graph.passedOnAt(call, at.parameter);
        if (handedOn < 0 || seen.has(caller)) return;
        seen.add(caller);
        next.push({ fn: caller, parameter: handedOn, way });
      });
      if (found) return found;
    }
    ways = next;
  }
  return undefined;
}
