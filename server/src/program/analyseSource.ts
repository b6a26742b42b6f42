import type { Interner } from '../base/interner';
import { finish } from '../base/steps';
import { analyseFile, analyseFileInSteps } from '../facts/analyseFile';
import type { Headers } from '../facts/headers/headers';
import type { FieldVerdict } from '../facts/linkage/fieldVerdict';
import type { CallVerdict } from '../facts/linkage/verdict';
import { type FieldReport, fieldReports } from '../facts/memory';
import type { FileFacts, Gap } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Finding } from '../rules/rule';
import { type RuleSettings, runRulesInSteps } from '../rules/run';
import { parseFile } from '../syntax/parseFile';
import type { BranchOracle, ParseOptions, SourceFile } from '../syntax/sourceFile';
import { mayUseMember } from './interest';
import { analyseProgram } from './link/analyseProgram';
import { ProgramGraph } from './link/graph';
import { shardOf } from './link/shard';

/** What the analysis of every file of one tree shares. */
export interface AnalysisContext {
  readonly model: KernelModel;
  readonly interner: Interner;
  /** Annotation words of the tree, in addition to those the parser knows. */
  readonly annotations: ReadonlySet<string>;
  /** Undefined: no configuration is known. */
  readonly branches: BranchOracle | undefined;
  /** The headers of the tree; undefined where there is none. */
  readonly headers: Headers | undefined;
  readonly rules: RuleSettings;
}

export interface SourceAnalysis {
  readonly facts: FileFacts;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  /** What was known of the file's calls from the functions that lead to them. */
  readonly verdicts: readonly CallVerdict[];
  /** What was known of members that it shares with other files. */
  readonly fields: readonly FieldVerdict[];
}

export interface AnalysisOptions {
  /** Also say what the analysis of a whole tree needs of the file. */
  readonly linked?: boolean;
  /** What that analysis said of the file's calls. */
  readonly verdicts?: readonly CallVerdict[];
  /** What the files around say of members that it fills or frees. */
  readonly fields?: readonly FieldVerdict[];
  /** The file stands for itself: its own functions and callbacks decide about contexts. */
  readonly alone?: boolean;
}

/** The whole chain for one file: text to findings. Never throws; `path` is relative to the tree's root where there is one. */
export function analyseSource(path: string, bytes: Uint8Array, context: AnalysisContext, options: AnalysisOptions = {}): SourceAnalysis {
  const { linked = false, alone = false, verdicts, fields = [] } = options;
  const facts = readSource(path, bytes, context, { linked: linked || alone });
  return judge(facts, context, { verdicts: verdicts ?? (alone ? verdictsOfFile(facts, context.model) : []), fields });
}

/** The first half of the chain: text to facts. `linked`: also what the analysis of a whole tree needs of the file. `over`: see {@link ParseOptions}. */
export function readSource(
  path: string,
  bytes: Uint8Array,
  context: Omit<AnalysisContext, 'rules'>,
  { linked = false, over }: Pick<AnalysisOptions, 'linked'> & Pick<ParseOptions, 'over'> = {},
): FileFacts {
  return analyseFile(parseSource(path, bytes, context, over), context.model, linked, context.headers);
}

/** The findings of a file whose facts are known, by what others say of its calls and of members that it shares with them. */
export function judge(...file: Parameters<typeof judgeInSteps>): SourceAnalysis {
  return finish(judgeInSteps(...file));
}

/** The same in steps. */
export function* judgeInSteps(
  facts: FileFacts,
  { model, rules }: AnalysisContext,
  { verdicts, fields }: Pick<SourceAnalysis, 'verdicts' | 'fields'>,
): Generator<void, SourceAnalysis> {
  const run = yield* runRulesInSteps(facts, model, rules, { verdicts, fields });
  return { facts, findings: run.findings, gaps: [...facts.gaps, ...run.gaps], verdicts, fields };
}

function parseSource(
  path: string,
  bytes: Uint8Array,
  { interner, annotations, branches }: Omit<AnalysisContext, 'rules'>,
  over?: SourceFile,
): SourceFile {
  return parseFile(path, bytes, { interner, annotations, over, ...(branches && { branches }) });
}

/** What a file does with members of these names; texts that do not have them are not parsed. `path` is relative to the tree's root. */
export function reportsOnFields(...file: Parameters<typeof reportingOnFields>): readonly FieldReport[] {
  return finish(reportingOnFields(...file));
}

/** The same in steps. */
export function* reportingOnFields(
  path: string,
  bytes: Uint8Array,
  context: AnalysisContext,
  members: readonly string[],
): Generator<void, readonly FieldReport[]> {
  const { headers, model } = context;
  const text = new TextDecoder('latin1').decode(bytes);
  const used = members.filter((member) => mayUseMember(path, text, member));
  if (used.length === 0) return [];
  const file = parseSource(path, bytes, context);
  yield;
  const facts = yield* analyseFileInSteps(file, model, false, headers);
  return fieldReports(facts, model, used);
}

/** What the functions and callbacks of one file say of its calls. */
export function verdictsOfFile(...file: Parameters<typeof verdictsOfFileInSteps>): readonly CallVerdict[] {
  return finish(verdictsOfFileInSteps(...file));
}

/** The same in steps. */
export function* verdictsOfFileInSteps({ file, linkage }: FileFacts, model: KernelModel): Generator<void, readonly CallVerdict[]> {
  if (!linkage) return [];
  const shard = shardOf(file.path, linkage, file.interner);
  yield;
  const graph = ProgramGraph.of([shard]);
  yield;
  return analyseProgram(graph, model, false).get(file.path) ?? [];
}
