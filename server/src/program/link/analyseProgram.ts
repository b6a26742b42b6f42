import { Act } from '../../facts/linkage/linkage';
import type { KernelModel } from '../../kernel/model';
import { AtomicContexts } from './atomicContexts';
import { Callbacks } from './callbacks';
import { chainOf } from './chains';
import type { ProgramGraph } from './graph';
import { NameResolution } from './nameResolution';
import { Relevance } from './relevance';
import type { CallVerdict, Verdicts } from '../../facts/linkage/verdict';

/** What the whole tree says of single calls: which of them may sleep although a caller or a contract forbids it. */
export function analyseProgram(graph: ProgramGraph, model: KernelModel): Verdicts {
  const resolution = new NameResolution(graph);
  const callbacks = new Callbacks(graph, resolution, model.contexts.callbacks);
  const verdicts = new Map<string, CallVerdict[]>();
  const relevance = new Relevance(graph, resolution, [Act.Blocks]);
  const contexts = new AtomicContexts(graph, callbacks, relevance).run();
  for (const { call, node, certain } of contexts.blockedCalls()) {
    const { reason, steps } = chainOf(graph, node);
    add(verdicts, graph.pathOf(graph.callerOf(call)), {
      kind: 'atomic',
      offset: graph.callOffsetOf(call),
      certainty: certain ? 'definite' : 'possible',
      reason,
      steps,
    });
  }
  return verdicts;
}

function add(verdicts: Map<string, CallVerdict[]>, path: string, verdict: CallVerdict): void {
  const known = verdicts.get(path);
  if (known) known.push(verdict);
  else verdicts.set(path, [verdict]);
}
