import type { Interner } from '../base/interner';
import { analyseFile } from '../facts/analyseFile';
import type { Headers } from '../facts/headers/headers';
import type { FileFacts, Gap } from '../facts/site';
import type { KernelModel } from '../kernel/model';
import type { Finding } from '../rules/rule';
import { type RuleSettings, runRules } from '../rules/run';
import { parseFile } from '../syntax/parseFile';
import type { BranchOracle } from '../syntax/sourceFile';

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
}

/** The whole chain for one file: text to findings. Never throws; `path` is relative to the tree's root where there is one. */
export function analyseSource(path: string, bytes: Uint8Array, context: AnalysisContext): SourceAnalysis {
  const { interner, annotations, branches, headers, model } = context;
  const file = parseFile(path, bytes, { interner, annotations, ...(branches && { branches }) });
  const facts = analyseFile(file, model, headers);
  const run = runRules(facts, model, context.rules);
  return { facts, findings: run.findings, gaps: [...facts.gaps, ...run.gaps] };
}
