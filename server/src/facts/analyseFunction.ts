import type { TextRange } from '../base/range';
import { EXIT } from '../flow/cfg';
import type { FunctionEntry, SourceFile } from '../syntax/sourceFile';
import { rangeOf, tokenRange } from '../syntax/tree';
import { describe } from './context';
import { relevantFlow } from './controlFlow';
import { bodyOf, type FileScope } from './fileScope';
import type { LockSummaries } from './lockSummaries';
import { MaskEvaluator } from './maskExpression';
import { Role } from './names';
import { walkPlainly } from './plainWalk';
import { pointerFacts } from './pointers';
import { PointerTypes } from './pointerTypes';
import { Recorder, type SizeOf } from './recorder';
import type { CallSite, FunctionFacts, Gap, Held, MaskSite, PointerFacts } from './site';
import { solveContext } from './solveContext';
import { Transfer } from './transfer';

/** Solves one function and records what holds at each of its sites. */
export function analyseFunction(
  scope: FileScope,
  summaries: LockSummaries,
  entry: FunctionEntry,
  sizeOf: SizeOf,
  gaps: Gap[],
): FunctionFacts {
  const plain = plainFunction(scope, summaries, entry, sizeOf);
  if (plain) return plain;
  const { cfg, locals } = relevantFlow(scope, entry.node, (symbol) => summaries.matters(symbol));
  const transfer = new Transfer(scope, summaries, locals);
  const types = new PointerTypes(scope, entry.node, locals);
  const facts = new RecordedFunction(scope, entry, types);
  const recorder = new Recorder(scope, transfer.evaluator, facts, sizeOf, types);
  const solution = solveContext(cfg, transfer, recorder);
  facts.leaks = (solution.before[EXIT]?.held ?? []).map(describe);
  if (solution.exhausted) {
    gaps.push({ reason: 'function too complex', range: facts.nameRange });
    return facts;
  }
  if (!solution.acyclic) {
    cfg.blocks.forEach((block, id) => {
      const before = solution.before[id];
      if (before && block.steps.length > 0) transfer.run(block.steps, before, recorder);
    });
  }
  recorder.resolveFrees();
  facts.calls = recorder.calls.sort((a, b) => a.range.start - b.range.start);
  facts.masks = recorder.masks.sort((a, b) => a.range.start - b.range.start);
  return facts;
}

/** Words that make the order of statements matter. */
const ORDERED =
  Role.Context | Role.Test | Role.Guard | Role.MayUnlock | Role.MaskFunction | Role.GfpType | Role.Frees | Role.LocalMacro | Role.LocalCall;

/**
 * The facts of a function without locks, context tests, mask variables and frees, or of one that only frees: nothing in it
 * depends on the path, so it is read without a control-flow graph. Undefined for all others.
 */
function plainFunction(scope: FileScope, summaries: LockSummaries, entry: FunctionEntry, sizeOf: SizeOf): FunctionFacts | undefined {
  const { tree } = scope.file;
  const [first, end] = [tree.first[entry.node]!, tree.end[entry.node]!];
  const freesOnly = !scope.mentions(tree, entry.node, Role.Flag | Role.Allocates);
  const matters = (symbol: number, role: number) => (role & ORDERED & ~Role.LocalCall) !== 0 || summaries.matters(symbol);
  if (!freesOnly && scope.words.some(first, end, ORDERED, matters)) return undefined;
  const types = new PointerTypes(scope, entry.node, new Set());
  const facts = new RecordedFunction(scope, entry, types);
  const recorder = new Recorder(scope, new MaskEvaluator(scope), facts, sizeOf, types);
  if (!walkPlainly(scope, bodyOf(tree, entry.node), recorder)) return undefined;
  facts.calls = recorder.calls.sort((a, b) => a.range.start - b.range.start);
  facts.masks = recorder.masks.sort((a, b) => a.range.start - b.range.start);
  return facts;
}

/** The facts of one function; what few rules ask for is made when it is asked for. */
class RecordedFunction implements FunctionFacts {
  readonly file: SourceFile;
  readonly name: string;
  readonly nameRange: TextRange;
  readonly range: TextRange;
  readonly gfpParameters: FunctionFacts['gfpParameters'];
  calls: readonly CallSite[] = [];
  masks: readonly MaskSite[] = [];
  leaks: readonly Held[] = [];
  private knownPointers: readonly PointerFacts[] | undefined;

  constructor(
    private readonly scope: FileScope,
    readonly entry: FunctionEntry,
    private readonly types: PointerTypes,
  ) {
    const { tree } = scope.file;
    this.file = scope.file;
    this.name = entry.name;
    this.nameRange = tokenRange(tree, tree.tok[entry.node]!);
    this.range = rangeOf(tree, entry.node);
    this.gfpParameters = scope.describeFunction(entry).gfpParameters;
  }

  get pointers(): readonly PointerFacts[] {
    this.knownPointers ??= pointerFacts(this.scope, bodyOf(this.file.tree, this.entry.node), this.calls, this.types);
    return this.knownPointers;
  }
}
