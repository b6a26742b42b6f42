import { EXIT } from '../flow/cfg';
import { solve } from '../flow/solve';
import { relevantFlow } from './controlFlow';
import type { FileScope, LocalFunction } from './fileScope';
import type { LockSummary, SummaryLookup } from './lockSummary';
import { Role } from './names';
import { ENTRY_STATE, equalStates, type HeldEntry, joinStates, type State } from './state';
import { Transfer } from './transfer';

/** Call chains inside one file are followed this deep; real ones stay below 20. */
const MAX_CALL_DEPTH = 100;

const CONTEXT_CHANGES = Role.Context | Role.Guard | Role.MayUnlock;

/** Summaries of the functions of one file, computed when first asked for. Recursion gives no summary (no effect). */
export class LockSummaries implements SummaryLookup {
  private depth = 0;
  private readonly known = new Map<number, LockSummary | undefined>();

  constructor(private readonly scope: FileScope) {}

  /** The effect of a function on its caller's locks; undefined when it has none (or none can be told). */
  of(local: LocalFunction): LockSummary | undefined {
    const { node } = local.entry;
    if (this.known.has(node)) return this.known.get(node);
    this.known.set(node, undefined);
    if (this.depth >= MAX_CALL_DEPTH) return undefined;
    this.depth++;
    const summary = this.compute(local);
    this.depth--;
    this.known.set(node, summary);
    return summary;
  }

  private compute(local: LocalFunction): LockSummary | undefined {
    const { scope } = this;
    const { node } = local.entry;
    if (!this.mayChangeContext(node)) return undefined;
    const { cfg, locals } = relevantFlow(scope, node);
    const transfer = new Transfer(scope, this, locals);
    const solution = solve<State>(
      cfg,
      {
        transfer: (block, state) => transfer.run(block.steps, state),
        assume: (condition, state) => transfer.assume(condition, state),
        join: joinStates,
        equal: equalStates,
      },
      ENTRY_STATE,
    );
    const exit = solution.before[EXIT];
    if (!exit || exit.released.length + exit.held.length === 0) return undefined;
    const { released, held } = solution.exhausted ? { released: exit.released.map(uncertain), held: exit.held.map(uncertain) } : exit;
    return { released, held, parameters: local.parameters };
  }

  /** Whether the body names a lock function, or calls a function or macro of the file that might. */
  private mayChangeContext(node: number): boolean {
    const { file, names } = this.scope;
    const { tree } = file;
    const { symbol } = tree.tokens;
    for (let token = tree.first[node]!; token < tree.end[node]!; token++) {
      const name = symbol[token]!;
      if (name === 0) continue;
      if ((names.role(name) & CONTEXT_CHANGES) !== 0) return true;
      const callee = this.scope.localFunction(name);
      if (callee && callee.entry.node !== node && !this.known.has(callee.entry.node) && this.of(callee)) return true;
      if (callee && this.known.get(callee.entry.node)) return true;
    }
    return false;
  }
}

function uncertain(entry: HeldEntry): HeldEntry {
  return { ...entry, must: false };
}
