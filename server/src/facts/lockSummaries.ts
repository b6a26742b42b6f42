import { EXIT } from '../flow/cfg';
import type { Solution } from '../flow/solve';
import type { FunctionEntry } from '../syntax/sourceFile';
import { relevantFlow } from './controlFlow';
import { bodyOf, type FileScope, type LocalFunction } from './fileScope';
import type { LockSummary, SummaryLookup } from './lockSummary';
import { Role } from './names';
import { solveContext } from './solveContext';
import type { HeldEntry, State } from './state';
import { Transfer } from './transfer';

/** Call chains inside one file are followed this deep; real ones stay below 20. */
const MAX_CALL_DEPTH = 100;
/** Behind so many calls a function may do anything. */
const MAX_REACH = 400;

/**
 * A function that returns with something held says so in its name. For one that does not, the release is more likely to stand where it is not
 * seen: in a function of another file, or behind a condition.
 */
const LOCKING_NAME =
  /lock|enter|begin|start|get|acquire|grab|hold|disable|prepare|suspend|save|stop|freeze|pin|claim|find|next|first|lookup|seq|open/i;

const CONTEXT_CHANGES = Role.Context | Role.Guard | Role.MayUnlock;

/** Summaries of the functions of one file, computed when first asked for. Recursion gives no summary (no effect). */
export class LockSummaries implements SummaryLookup {
  private depth = 0;
  /** Functions that `mayChangeContext` is looking into. */
  private reach = 0;
  private readonly reaching = new Map<number, boolean>();
  private readonly known = new Map<number, LockSummary | undefined>();

  constructor(private readonly scope: FileScope) {}

  /** Whether calling the function can matter: it may change the context, or takes a mask. */
  matters(symbol: number): boolean {
    const local = this.scope.localFunction(symbol);
    return local !== undefined && (local.gfpParameters.length > 0 || this.mayChangeContext(local.entry.node));
  }

  /** Whether calling the function may change the context of its caller. */
  changesContext(symbol: number): boolean {
    const local = this.scope.localFunction(symbol);
    return local !== undefined && this.mayChangeContext(local.entry.node) && this.of(local) !== undefined;
  }

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
    if (!this.mayChangeContext(node) || !this.hasEffect(node)) return undefined;
    const { cfg, locals } = relevantFlow(scope, node, (symbol) => this.matters(symbol));
    const transfer = new Transfer(scope, this, locals);
    const solution = solveContext(cfg, transfer);
    return summaryOf(scope, local, solution);
  }

  /** Takes over the solution of a function that was solved for its own sake, so that it need not be solved again. */
  note(entry: FunctionEntry, solution: Solution<State>): void {
    if (!this.known.has(entry.node)) this.known.set(entry.node, summaryOf(this.scope, this.scope.describeFunction(entry), solution));
  }

  /** Whether a function names a lock function itself, or calls one of the file that has an effect on its caller. */
  private hasEffect(node: number): boolean {
    const { tree } = this.scope.file;
    if (this.scope.mentions(tree, node, CONTEXT_CHANGES)) return true;
    return this.scope.words.some(tree.first[node]!, tree.end[node]!, Role.LocalCall, (symbol) => {
      const callee = this.scope.localFunction(symbol);
      return callee !== undefined && this.of(callee) !== undefined;
    });
  }

  /** Whether a function names a lock function, itself or through functions and macros of the file. */
  private mayChangeContext(node: number): boolean {
    const known = this.reaching.get(node);
    if (known !== undefined) return known;
    if (this.reach >= MAX_REACH) return true;
    this.reaching.set(node, false); // recursion ends here
    this.reach++;
    const { tree } = this.scope.file;
    const [first, end] = [tree.first[node]!, tree.end[node]!];
    const answer =
      this.scope.mentions(tree, node, CONTEXT_CHANGES) ||
      this.scope.words.some(first, end, Role.LocalCall, (symbol) => {
        const callee = this.scope.localFunction(symbol);
        return callee !== undefined && this.mayChangeContext(callee.entry.node);
      });
    this.reach--;
    this.reaching.set(node, answer);
    return answer;
  }
}

function summaryOf(scope: FileScope, local: LocalFunction, { before, exhausted }: Solution<State>): LockSummary | undefined {
  const exit = before[EXIT];
  if (!exit) return undefined;
  // What only a name says counts for the callers of the whole tree, not for the locks of this file.
  const known = exit.released.some((entry) => entry.guessed) ? exit.released.filter((entry) => !entry.guessed) : exit.released;
  if (known.length + exit.held.length === 0) return undefined;
  const released = exhausted ? known.map(uncertain) : known;
  const held = exhausted || !(LOCKING_NAME.test(local.entry.name) || saysSo(scope, local.entry)) ? exit.held.map(uncertain) : exit.held;
  return { released, held, parameters: local.parameters };
}

/** `__acquires(&r->lock)` in the head of a function, for sparse or Clang. */
function saysSo({ file, texts }: FileScope, { node }: FunctionEntry): boolean {
  const { tree } = file;
  const body = tree.first[bodyOf(tree, node)]!;
  for (let token = tree.first[node]!; token < body; token++)
    if (tree.tokens.symbol[token] !== 0 && /^__(cond_)?acquires(_shared)?$/.test(texts.tokenText(tree, token))) return true;
  return false;
}

function uncertain(entry: HeldEntry): HeldEntry {
  return { ...entry, must: false };
}
