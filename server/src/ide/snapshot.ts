import type { TextRange } from '../base/range';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite } from '../facts/site';
import { isExact } from '../mask/mask';
import { analyseAmongNeighbours, type Surroundings } from '../program/analyseAmongNeighbours';
import { type AnalysisContext, analyseSource, judge, type SourceAnalysis } from '../program/analyseSource';
import { contextsOfFile, type FunctionContext } from '../program/link/functionContexts';
import type { Neighbour } from '../program/link/neighbours';
import type { Finding } from '../rules/rule';
import { DEFAULT_RULE_SETTINGS, type RuleSettings, runRules } from '../rules/run';
import { type CodeAction, codeActionsAt, findingsAt, safeFixAll } from './codeActions';
import { callAround, type FlagCompletion, flagCompletions } from './completion';
import { contextHints, contextLenses } from './contextLenses';
import { isReadableC, type OpenText } from './document';
import { type FunctionLens, functionLenses } from './functionLens';
import { gfpPositionAt } from './gfpPosition';
import type { Hover } from './hover';
import { hoverAt } from './hoverAt';
import { type KernelOfFile, type Kernels, kernelOfFile, relativeTo } from './kernels';
import { type MaskAt, maskAt } from './maskAt';
import { type MaskHint, maskHints } from './maskHints';
import { withProject } from './projectSettings';
import { type HostSettings, type SettingsByFolder, settingsFor } from './settings';
import { movedVerdicts, type Settled } from './settled';
import { suppressAction } from './suppressAction';
import { NO_INDEX, type TreeVerdicts } from './treeVerdicts';

/** A document as far as it was looked at: not analysed (not C, not kernel code, switched off), or with its facts. */
export interface DocumentResult {
  readonly text: OpenText;
  readonly kernel: KernelOfFile;
  /** Undefined when the document is none of our business. */
  readonly analysis: SourceAnalysis | undefined;
}

/**
 * The editor's state at one moment, and what can be asked about it. All offsets are bytes. Every question about a document
 * that is not open or not analysed has an empty answer.
 */
export class Snapshot {
  constructor(
    private readonly texts: ReadonlyMap<string, OpenText>,
    private readonly settings: SettingsByFolder,
    private readonly kernels: Kernels,
    private readonly results: WeakMap<OpenText, DocumentResult>,
    private readonly settled: ReadonlyMap<string, Settled>,
    private readonly tree: TreeVerdicts = NO_INDEX,
  ) {}

  text(uri: string): OpenText | undefined {
    return this.texts.get(uri);
  }

  /** The document's kernel and analysis; undefined when it is not open. */
  document(uri: string): DocumentResult | undefined {
    const text = this.texts.get(uri);
    if (text === undefined) return undefined;
    const known = this.results.get(text);
    if (known !== undefined) return known;
    const result = this.analyse(text);
    this.results.set(text, result);
    return result;
  }

  /** Whether the document is kernel code that is looked at; does not analyse it. */
  isAnalysed(uri: string): boolean {
    const text = this.texts.get(uri);
    return text !== undefined && this.isWanted(text, this.settingsFor(text.path));
  }

  diagnostics(uri: string): readonly Finding[] {
    return this.document(uri)?.analysis?.findings ?? [];
  }

  hover(uri: string, offset: number): Hover | undefined {
    const document = this.document(uri);
    if (document?.analysis === undefined || !inText(document.text, offset)) return undefined;
    return hoverAt(document.analysis, document.kernel.context.model, offset);
  }

  /** Fixes of the findings that touch the range, and behind all of them the comments that accept these findings. */
  codeActions(uri: string, range: TextRange): readonly CodeAction[] {
    const findings = findingsAt(this.diagnostics(uri), range);
    const bytes = this.texts.get(uri)?.bytes;
    const suppressions = bytes === undefined ? [] : findings.flatMap((finding) => suppressAction(bytes, finding) ?? []);
    return [...codeActionsAt(findings, range), ...suppressions];
  }

  /** The findings that touch a range. */
  findingsIn(uri: string, range: TextRange): readonly Finding[] {
    return findingsAt(this.diagnostics(uri), range);
  }

  /** What could be done at a place without being a problem: the fixes of possible findings that are not shown. */
  offers(uri: string, range: TextRange): readonly CodeAction[] {
    const document = this.document(uri);
    if (document?.analysis === undefined) return [];
    const settings = ruleSettings(this.settingsFor(document.text.path));
    if (settings.possible) return [];
    const { facts, verdicts, fields } = document.analysis;
    const { findings } = runRules(facts, document.kernel.context.model, { ...settings, possible: true }, { verdicts, fields });
    return codeActionsAt(
      findings.filter((finding) => finding.certainty === 'possible'),
      range,
      'offer',
    );
  }

  /** All safe fixes of a document as one set of edits; undefined when there is nothing to fix. */
  fixAll(uri: string): CodeAction | undefined {
    const document = this.document(uri);
    if (document?.analysis === undefined) return undefined;
    const context = { ...document.kernel.context, rules: ruleSettings(this.settingsFor(document.text.path)) };
    return safeFixAll(document.kernel.path, document.analysis, context);
  }

  /** Names that fit the mask at a place; empty everywhere else. */
  completions(uri: string, offset: number): readonly FlagCompletion[] {
    const text = this.texts.get(uri);
    if (text === undefined || !inText(text, offset) || !this.isAnalysed(uri)) return [];
    const { model } = this.kernelOf(uri).context;
    // Most of what is typed is no mask: the text says so without an analysis.
    const position = gfpPositionAt(text.bytes, offset, model);
    const document = position === undefined ? undefined : this.document(uri);
    if (position === undefined || document?.analysis === undefined) return [];
    const call = callAround(document.analysis.facts, offset) ?? this.callBeingWritten(document, position.word);
    return flagCompletions(position, call, model);
  }

  /** What the masks of the calls in a range come to, and in which contexts functions may run; each only if the user asked for it. */
  inlayHints(uri: string, range: TextRange): readonly MaskHint[] {
    const document = this.document(uri);
    if (document?.analysis === undefined) return [];
    const { inlayHints, contextHints: wanted } = this.settingsFor(document.text.path);
    const { facts } = document.analysis;
    const masks = inlayHints ? maskHints(facts, document.kernel.context.model, range) : [];
    return wanted ? [...masks, ...contextHints(facts, this.contextsOf(document), range)] : masks;
  }

  /** One line for each function that allocates, and one for each in which sleeping may be forbidden; each only if the user asked for it. */
  codeLenses(uri: string): readonly FunctionLens[] {
    const document = this.document(uri);
    if (document?.analysis === undefined) return [];
    const { codeLens, contextLens } = this.settingsFor(document.text.path);
    const masks = codeLens ? functionLenses(document.analysis, document.kernel.context.model) : [];
    return contextLens ? [...contextLenses(document.analysis.facts, this.contextsOf(document)), ...masks] : masks;
  }

  /** From the index of the tree; without one, what the document's own functions and callbacks say, once somebody has looked at all of it. */
  private contextsOf({ kernel, analysis }: DocumentResult): readonly FunctionContext[] {
    return this.tree.contexts(kernel.root, kernel.path) ?? contextsOfFile(analysis!.facts, kernel.context.model);
  }

  maskAt(uri: string, offset: number): MaskAt | undefined {
    const document = this.document(uri);
    if (document?.analysis === undefined || !inText(document.text, offset)) return undefined;
    return maskAt(document.analysis.facts, document.kernel.context.model, offset);
  }

  /** The mask at a place as one would write it; undefined where there is none, or where it is not wholly known. */
  maskTextAt(uri: string, offset: number): string | undefined {
    const mask = this.maskAt(uri, offset)?.mask;
    if (mask === undefined || !isExact(mask)) return undefined;
    return this.kernelOf(uri).context.model.flags.print(mask.set).replaceAll('|', ' | ');
  }

  /** The kernel of an open document; of a path; or, for neither, the one that stands for no tree. */
  kernelOf(uri: string | undefined, path = ''): KernelOfFile {
    const open = uri === undefined ? undefined : this.texts.get(uri);
    const known = open === undefined ? undefined : this.results.get(open)?.kernel;
    return known ?? kernelOfFile(this.kernels, open?.path ?? path, this.settingsFor(open?.path ?? path));
  }

  settingsFor(path: string): HostSettings {
    return withProject(settingsFor(this.settings, path), this.kernels.projectOf(path), this.kernels.rootAbove(path));
  }

  /** In steps: an analysed document with what the whole tree says of its calls, or else its own functions of each other, and the files around of its members. */
  analyseWhole(
    { text, kernel }: DocumentResult,
    { facts }: SourceAnalysis,
    { verdicts, answers }: Pick<Surroundings, 'verdicts' | 'answers'>,
  ): Generator<void, SourceAnalysis> {
    const below = (folder: string) => this.filesBelow(kernel, folder);
    return analyseAmongNeighbours(facts, this.judging(text, kernel), { verdicts, answers, below });
  }

  private judging(text: OpenText, { context }: KernelOfFile): AnalysisContext {
    return { ...context, rules: ruleSettings(this.settingsFor(text.path)) };
  }

  /** The files of a folder as the editor has them: open texts in place of what is on disk, without the document itself. */
  private filesBelow({ root, path: own }: KernelOfFile, folder: string): readonly Neighbour[] | undefined {
    if (root === undefined) return undefined;
    const open = new Map([...this.texts.values()].map((text) => [relativeTo(root, text.path), text.bytes]));
    const files = this.kernels.filesBelow?.(root, folder);
    return files?.filter(({ path }) => path !== own).map(({ path, bytes }) => ({ path, bytes: open.get(path) ?? bytes }));
  }

  /** The same facts, judged by what is now said of their calls. */
  judgedAgain({ text, kernel }: DocumentResult, { facts, fields }: SourceAnalysis, verdicts: readonly CallVerdict[]): SourceAnalysis {
    return judge(facts, this.judging(text, kernel), { verdicts, fields });
  }

  private analyse(text: OpenText): DocumentResult {
    const settings = this.settingsFor(text.path);
    const kernel = kernelOfFile(this.kernels, text.path, settings);
    if (!this.isWanted(text, settings)) return { text, kernel, analysis: undefined };
    const settled = this.settled.get(text.uri);
    const context = { ...kernel.context, rules: ruleSettings(settings) };
    // A document that was just opened is shown before its headers are read.
    const analysis = settled
      ? analyseSource(kernel.path, text.bytes, context, { verdicts: movedVerdicts(settled, text.bytes), fields: settled.fields })
      : analyseSource(kernel.path, text.bytes, { ...context, headers: undefined });
    return { text, kernel, analysis };
  }

  /** A call that is only half there: the text is read again with the mask written out and the call closed. */
  private callBeingWritten({ text, kernel }: DocumentResult, word: TextRange): CallSite | undefined {
    const end = new TextEncoder().encode('GFP_KERNEL);');
    const bytes = new Uint8Array(text.bytes.length - (word.end - word.start) + end.length);
    bytes.set(text.bytes.subarray(0, word.start));
    bytes.set(end, word.start);
    bytes.set(text.bytes.subarray(word.end), word.start + end.length);
    const { facts } = analyseSource(kernel.path, bytes, { ...kernel.context, rules: DEFAULT_RULE_SETTINGS });
    return callAround(facts, word.start);
  }

  /** Kernel code lies in a kernel tree, below a project file, or says so by its includes; all other C is left alone. */
  private isWanted(text: OpenText, settings: HostSettings): boolean {
    if (settings.enable === 'never' || !isReadableC(text)) return false;
    if (settings.enable === 'always' || this.kernels.rootAbove(text.path) !== undefined) return true;
    return this.kernels.projectOf(text.path) !== undefined || includesKernelHeader(text.bytes);
  }
}

export function ruleSettings(settings: HostSettings): RuleSettings {
  const { severities, showPossible, folders, known } = settings;
  return { severities, enabled: undefined, possible: showPossible, ...(folders && { folders }), ...(known && { known }) };
}

function inText(text: OpenText, offset: number): boolean {
  return Number.isInteger(offset) && offset >= 0 && offset <= text.bytes.length;
}

const HASH = 35;
const LF = 10;

/** Whether a line reads `#include <linux/…`. Looks only at lines with a `#`, because this comes before parsing. */
export function includesKernelHeader(bytes: Uint8Array): boolean {
  for (let hash = bytes.indexOf(HASH); hash >= 0; hash = bytes.indexOf(HASH, hash + 1)) {
    const end = bytes.indexOf(LF, hash);
    const line = bytes.subarray(hash, end < 0 ? bytes.length : Math.min(end, hash + 200));
    if (/^#\s*include\s*<linux\//.test(String.fromCharCode(...line))) return true;
  }
  return false;
}
