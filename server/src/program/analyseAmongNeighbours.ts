import { analyseFileInSteps } from '../facts/analyseFile';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { FieldReport } from '../facts/memory';
import type { FileFacts } from '../facts/site';
import { type AnalysisContext, judgeInSteps, reportingOnFields, type SourceAnalysis, verdictsOfFileInSteps } from './analyseSource';
import { askNeighbours, type Neighbour } from './link/neighbours';
import { subsystemOf } from './link/subsystem';
import type { NeighbourAnswers } from './neighbourAnswers';

/** What is around a file that is looked at as a whole. */
export interface Surroundings {
  /** What the analysis of a whole tree says of its calls; without that its own functions and callbacks decide. */
  readonly verdicts: readonly CallVerdict[] | undefined;
  /** The other C files and headers below a folder of the tree; undefined when they are too many to be read beside an editor. */
  readonly below: (folder: string) => readonly Neighbour[] | undefined;
  /** What these files said before; gets what they say now. */
  readonly answers?: NeighbourAnswers | undefined;
}

/**
 * A file that was looked at by itself, with all that an editor can know of it: what its functions do to each other, and what the files around do with members that it
 * shares with them. Reading these takes long, so the work comes in steps of some milliseconds each; whoever has better to do may stop between two.
 */
export function* analyseAmongNeighbours(
  { file, functions }: FileFacts,
  context: AnalysisContext,
  { verdicts, below, answers }: Surroundings,
): Generator<void, SourceAnalysis> {
  const { model, headers } = context;
  if (functions.some(({ calls }) => calls.some(({ api }) => api?.size !== undefined))) yield* headers?.readAhead(file) ?? [];
  const facts = yield* analyseFileInSteps(file, model, true, headers);
  const known = verdicts ?? (yield* verdictsOfFileInSteps(facts, model));
  yield;
  const report = function* (neighbour: Neighbour, members: readonly string[]): Generator<void, readonly FieldReport[]> {
    const known = answers?.get(neighbour, members);
    if (known !== undefined) return known;
    const reports = yield* reportingOnFields(neighbour.path, neighbour.bytes, context, members);
    answers?.keep(neighbour, members, reports);
    return reports;
  };
  const fields = yield* askNeighbours(facts, subsystemOf(file.path), model, { below, report });
  return yield* judgeInSteps(facts, context, { verdicts: known, fields });
}
