import { ENTRY, EXIT } from '../flow/cfg';
import { solve } from '../flow/solve';
import type { FunctionEntry } from '../syntax/sourceFile';
import { rangeOf, tokenRange } from '../syntax/tree';
import { describe } from './context';
import { relevantFlow } from './controlFlow';
import { bodyOf, type FileScope } from './fileScope';
import type { LockSummaries } from './lockSummaries';
import { pointerFacts } from './pointers';
import { PointerTypes } from './pointerTypes';
import { Recorder, type SizeOf } from './recorder';
import type { FunctionFacts, Gap } from './site';
import { ENTRY_STATE, equalStates, joinStates, type State } from './state';
import { Transfer } from './transfer';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Solves one function and records what holds at each of its sites. */
export function analyseFunction(
  scope: FileScope,
  summaries: LockSummaries,
  entry: FunctionEntry,
  sizeOf: SizeOf,
  gaps: Gap[],
): FunctionFacts {
  const { file } = scope;
  const { tree } = file;
  const { cfg, locals } = relevantFlow(scope, entry.node, (symbol) => summaries.matters(symbol));
  const transfer = new Transfer(scope, summaries, locals);
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
  const facts: Mutable<FunctionFacts> = {
    entry,
    name: entry.name,
    nameRange: tokenRange(tree, tree.tok[entry.node]!),
    range: rangeOf(tree, entry.node),
    file,
    calls: [],
    masks: [],
    pointers: [],
    gfpParameters: scope.describeFunction(entry).gfpParameters,
    leaks: (solution.before[EXIT]?.held ?? []).map(describe),
  };
  if (solution.exhausted) {
    gaps.push({ reason: 'function too complex', range: facts.nameRange });
    return facts;
  }
  const types = new PointerTypes(scope, entry.node, locals);
  const recorder = new Recorder(scope, transfer.evaluator, facts, sizeOf, types);
  cfg.blocks.forEach((block, id) => {
    const before = id === ENTRY ? ENTRY_STATE : solution.before[id];
    if (before && block.steps.length > 0) transfer.run(block.steps, before, recorder);
  });
  recorder.resolveFrees();
  facts.calls = recorder.calls.sort((a, b) => a.range.start - b.range.start);
  facts.masks = recorder.masks.sort((a, b) => a.range.start - b.range.start);
  facts.pointers = pointerFacts(scope, bodyOf(tree, entry.node), facts.calls, types);
  return facts;
}
