import { solveFunction } from '../analyseFunction';
import type { FileScope } from '../fileScope';
import { LockSummaries } from '../lockSummaries';
import type { CallSite, ContextFact, FunctionFacts } from '../site';

/** What holds where memory is freed: functions that only free are read without it, so the few that matter are solved here. */
export class FreeContexts {
  private readonly solved = new Map<number, FunctionFacts>();
  private readonly summaries: LockSummaries;

  constructor(private readonly scope: FileScope) {
    this.summaries = new LockSummaries(scope);
  }

  at(call: CallSite): ContextFact {
    const { entry, calls } = call.function;
    // A function that allocates was solved as a whole.
    if (call.context.held.length > 0 || calls.some((one) => one.api?.allocates !== undefined)) return call.context;
    let facts = this.solved.get(entry.node);
    if (facts === undefined) this.solved.set(entry.node, (facts = this.solve(call)));
    return facts.calls.find((one) => one.calleeRange.start === call.calleeRange.start)?.context ?? call.context;
  }

  private solve({ function: { entry } }: CallSite): FunctionFacts {
    return solveFunction({ scope: this.scope, summaries: this.summaries, entry, sizeOf: () => undefined, gaps: [] });
  }
}
