import type { ProgramGraph } from './graph';

/** A parameter that its function passes to another one: in `each_ring(r, visit)` the number of `visit` at position 1. */
export interface HandedOn {
  readonly call: number;
  readonly position: number;
  readonly parameter: number;
}

/**
 * Tells what functions do with parameters to those who hand theirs on to them: goes over all calls until nothing new is learned.
 *
 * @param rounds How often at the most: wrappers of wrappers.
 * @param knownOf What is known of the function that a call calls; undefined where nothing is.
 * @param learn Hears that the caller hands a parameter on to such a function, and says whether that was news.
 */
export function followHandedOn<Known>(
  graph: ProgramGraph,
  rounds: number,
  knownOf: (call: number) => Known | undefined,
  learn: (known: Known, handed: HandedOn) => boolean,
): void {
  for (let round = 0, isNews = true; isNews && round < rounds; round++) {
    isNews = false;
    for (let call = 0; call < graph.callCount; call++) {
      const known = graph.mayPassOn(call) ? knownOf(call) : undefined;
      if (known === undefined) continue;
      graph.eachPassedOn(call, (position, parameter) => {
        if (learn(known, { call, position, parameter })) isNews = true;
      });
    }
  }
}
