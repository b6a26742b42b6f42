import type { Act } from '../../facts/linkage/linkage';
import type { KernelModel } from '../../kernel/model';
import { AtomicContexts } from './atomicContexts';
import { Callbacks } from './callbacks';
import type { ProgramGraph } from './graph';
import { LockEffects } from './lockEffects';
import { NameResolution } from './nameResolution';
import { Relevance } from './relevance';

/** The functions of a graph with their names resolved, and the contexts that were spread along their calls. */
export interface ProgramContexts {
  readonly resolution: NameResolution;
  readonly callbacks: Callbacks;
  readonly relevance: Relevance;
  readonly locks: LockEffects;
  readonly contexts: AtomicContexts;
}

/** Spreads contexts along the calls that lead to one of `acts`. `complete`: the graph holds the whole tree. */
export function programContexts(graph: ProgramGraph, model: KernelModel, acts: readonly Act[], complete: boolean): ProgramContexts {
  const resolution = new NameResolution(graph);
  const callbacks = new Callbacks(graph, resolution, model.contexts.callbacks);
  const relevance = new Relevance(graph, resolution, callbacks, model, acts, complete);
  const locks = new LockEffects(graph, resolution, relevance.catalogued);
  const contexts = new AtomicContexts(graph, callbacks, relevance, locks).run();
  return { resolution, callbacks, relevance, locks, contexts };
}
