import type { TextRange } from '../base/range';
import { type Cfg, EXIT } from '../flow/cfg';
import type { Solution } from '../flow/solve';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import { rangeOf, tokenRange } from '../syntax/tree';
import { describe } from './context';
import { relevantFlow } from './controlFlow';
import { bodyOf, type FileScope } from './fileScope';
import { isPlainlyAtomic } from './linkage/acts';
import type { FunctionLinker } from './linkage/linkFunction';
import type { LockSummaries } from './lockSummaries';
import { MaskEvaluator } from './maskExpression';
import { Role } from './names';
import type { Observer } from './observer';
import { walkPlainly } from './plainWalk';
import { pointerFacts } from './pointers';
import { PointerTypes } from './pointerTypes';
import { Recorder, type SizeOf } from './recorder';
import type { CallSite, FunctionFacts, Gap, Held, MaskSite, PointerFacts } from './site';
import { solveContext } from './solveContext';
import type { State } from './state';
import { Transfer } from './transfer';

/** A function of a file, and who hears what is found in it. */
export interface FunctionInput {
  readonly scope: FileScope;
  readonly summaries: LockSummaries;
  readonly entry: FunctionEntry;
  readonly sizeOf: SizeOf;
  readonly gaps: Gap[];
  /** Listens for the analysis of a whole tree. */
  readonly linker?: FunctionLinker | undefined;
}

/** What holds at each site of a function. It is worked out when it is first asked for: while somebody types, few functions matter. */
export function analyseFunction(input: FunctionInput): FunctionFacts {
  return new RecordedFunction(input, (owner) => {
    const { scope, summaries, entry, linker } = input;
    const plain = plainRecord(input, owner);
    if (plain === undefined) return solvedRecord(input, owner);
    if (linker) {
      const asksForProof = plain.calls.some((call) => isPlainlyAtomic(call, scope.names.model));
      followCalls(scope, summaries, entry, linker, asksForProof || linker.watched.length > 0);
    }
    return plain;
  });
}

/** The same with the order of statements, also where no allocation asks for it. */
export function solveFunction(input: FunctionInput): FunctionFacts {
  return new RecordedFunction(input, (owner) => solvedRecord(input, owner));
}

function solvedRecord({ scope, summaries, entry, sizeOf, gaps, linker }: FunctionInput, owner: FunctionFacts): FunctionRecord {
  const { cfg, locals } = relevantFlow(scope, entry.node, (symbol) => summaries.matters(symbol), linker?.watched);
  const transfer = new Transfer(scope, summaries, locals, linker?.watched);
  const types = new PointerTypes(scope, entry.node, locals);
  const recorder = new Recorder(scope, transfer.evaluator, owner, sizeOf, types);
  const observer = linker ? both(recorder, linker) : recorder;
  const solution = solveContext(cfg, transfer, observer);
  summaries.note(entry, solution);
  if (solution.exhausted) {
    gaps.push({ reason: 'function too complex', range: owner.nameRange });
    return { calls: [], masks: [], leaks: [], types };
  }
  if (!solution.acyclic) observe(cfg, solution, transfer, observer);
  recorder.resolveFrees();
  return { leaks: leaksOf(cfg, solution, transfer), types, ...recordedBy(recorder) };
}

/** Shows a linker the context of every call of a function, where it can differ from that of the caller or is asked for. */
export function followCalls(scope: FileScope, summaries: LockSummaries, entry: FunctionEntry, linker: FunctionLinker, asked = false): void {
  const matters = (symbol: number) => summaries.matters(symbol);
  if (!asked && !linker.needsFlow((symbol) => summaries.changesContext(symbol))) return;
  const { cfg, locals } = relevantFlow(scope, entry.node, matters, linker.watched);
  const transfer = new Transfer(scope, summaries, locals, linker.watched);
  const solution = solveContext(cfg, transfer, linker);
  summaries.note(entry, solution);
  if (!solution.acyclic && !solution.exhausted) observe(cfg, solution, transfer, linker);
}

/** What is held for certain where the function returns, at one return at least. */
function leaksOf(cfg: Cfg, solution: Solution<State>, transfer: Transfer): Held[] {
  if ((solution.before[EXIT]?.held.length ?? 0) === 0 || solution.exhausted) return [];
  const leaks: Held[] = [];
  cfg.blocks.forEach((block, id) => {
    const before = solution.before[id];
    if (!before || !block.successors.some((edge) => edge.to === EXIT)) return;
    for (const entry of transfer.run(block.steps, before).held)
      if (entry.must && !leaks.some((known) => known.range.start === entry.range.start)) leaks.push(describe(entry));
  });
  return leaks;
}

/** Runs through the solved function once more; for graphs with loops, whose states are only right at the end. */
function observe(cfg: Cfg, solution: Solution<State>, transfer: Transfer, observer: Observer): void {
  cfg.blocks.forEach((block, id) => {
    const before = solution.before[id];
    if (before && block.steps.length > 0) transfer.run(block.steps, before, observer);
  });
}

function both(first: Observer, second: Observer): Observer {
  return {
    step: (step, state) => {
      first.step?.(step, state);
      second.step?.(step, state);
    },
    call: (...event) => {
      first.call(...event);
      second.call(...event);
    },
    value: (...event) => {
      first.value(...event);
      second.value(...event);
    },
  };
}

/** Words that make the order of statements matter. */
const ORDERED =
  Role.Context | Role.Test | Role.Guard | Role.MayUnlock | Role.MaskFunction | Role.GfpType | Role.Frees | Role.LocalMacro | Role.LocalCall;

/**
 * The record of a function without locks, context tests, mask variables and frees, or of one that only frees: nothing in it
 * depends on the path, so it is read without a control-flow graph. Undefined for all others.
 */
function plainRecord({ scope, summaries, entry, sizeOf }: FunctionInput, owner: FunctionFacts): FunctionRecord | undefined {
  const { tree } = scope.file;
  const [first, end] = [tree.first[entry.node]!, tree.end[entry.node]!];
  const freesOnly = !scope.mentions(tree, entry.node, Role.Flag | Role.Allocates);
  const matters = (symbol: number, role: number) => (role & ORDERED & ~Role.LocalCall) !== 0 || summaries.matters(symbol);
  if (!freesOnly && scope.words.some(first, end, ORDERED, matters)) return undefined;
  const types = new PointerTypes(scope, entry.node, new Set());
  const recorder = new Recorder(scope, new MaskEvaluator(scope), owner, sizeOf, types);
  if (!walkPlainly(scope, bodyOf(tree, entry.node), recorder)) return undefined;
  return { leaks: [], types, ...recordedBy(recorder) };
}

/** What was recorded of a function. */
interface FunctionRecord extends Pick<FunctionFacts, 'calls' | 'masks' | 'leaks'> {
  readonly types: PointerTypes;
}

/** In source order. */
function recordedBy({ calls, masks }: Recorder): Pick<FunctionRecord, 'calls' | 'masks'> {
  return {
    calls: calls.sort((a, b) => a.range.start - b.range.start),
    masks: masks.sort((a, b) => a.range.start - b.range.start),
  };
}

/** The facts of one function, each made when it is asked for. */
class RecordedFunction implements FunctionFacts {
  readonly file: SourceFile;
  readonly entry: FunctionEntry;
  readonly name: string;
  readonly nameRange: TextRange;
  readonly range: TextRange;
  readonly gfpParameters: FunctionFacts['gfpParameters'];
  private readonly scope: FileScope;
  private known: FunctionRecord | undefined;
  private knownPointers: readonly PointerFacts[] | undefined;

  /** `read` is called once; the sites that it makes belong to `owner`. */
  constructor(
    { scope, entry }: FunctionInput,
    private read: ((owner: FunctionFacts) => FunctionRecord) | undefined,
  ) {
    const { tree } = scope.file;
    this.scope = scope;
    this.entry = entry;
    this.file = scope.file;
    this.name = entry.name;
    this.nameRange = tokenRange(tree, tree.tok[entry.node]!);
    this.range = rangeOf(tree, entry.node);
    this.gfpParameters = scope.describeFunction(entry).gfpParameters;
  }

  private get record(): FunctionRecord {
    if (this.known === undefined) {
      this.known = this.read!(this);
      // What it was made from may be large.
      this.read = undefined;
    }
    return this.known;
  }

  get calls(): readonly CallSite[] {
    return this.record.calls;
  }

  get masks(): readonly MaskSite[] {
    return this.record.masks;
  }

  get leaks(): readonly Held[] {
    return this.record.leaks;
  }

  get pointers(): readonly PointerFacts[] {
    const { calls, types } = this.record;
    this.knownPointers ??= pointerFacts(this.scope, bodyOf(this.file.tree, this.entry.node), calls, types);
    return this.knownPointers;
  }
}
