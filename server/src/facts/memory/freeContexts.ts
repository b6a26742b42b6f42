import type { KernelModel } from '../../kernel/model';
import { solveFunction } from '../analyseFunction';
import { FileScope } from '../fileScope';
import { LockSummaries } from '../lockSummaries';
import { nameTable } from '../nameTables';
import type { CallSite, ContextFact, FunctionFacts } from '../site';

/** What holds where memory is freed: functions that only free are read without it, so the few that matter are solved here. */
export class FreeContexts {
  private scope: FileScope | undefined;
  private readonly solved = new Map<number, FunctionFacts>();

  constructor(private readonly model: KernelModel) {}

  at(call: CallSite): ContextFact {
    const { entry, calls } = call.function;
    // A function that allocates was solved as a whole.
    if (call.context.held.length > 0 || calls.some((one) => one.api?.allocates !== undefined)) return call.context;
    let facts = this.solved.get(entry.node);
    if (facts === undefined) this.solved.set(entry.node, (facts = this.solve(call)));
    return facts.calls.find((one) => one.calleeRange.start === call.calleeRange.start)?.context ?? call.context;
  }

  private solve({ function: { file, entry } }: CallSite): FunctionFacts {
    this.scope ??= new FileScope(file, nameTable(file.interner, this.model));
    return solveFunction({ scope: this.scope, summaries: new LockSummaries(this.scope), entry, sizeOf: () => undefined, gaps: [] });
  }
}
