import type { TextRange } from '../base/range';
import type { CallVerdict } from '../facts/linkage/verdict';
import type { CallSite, FileFacts } from '../facts/site';
import { isExact } from '../mask/mask';
import { analyseAmongNeighbours, type Surroundings } from '../program/analyseAmongNeighbours';
import { type AnalysisContext, judge, readSource, type SourceAnalysis } from '../program/analyseSource';
import { contextsOfFile, type FunctionContext } from '../program/link/functionContexts';
import type { Neighbour } from '../program/link/neighbours';
import type { Finding } from '../rules/rule';
import { type RuleSettings, runRules } from '../rules/run';
import { functionEdit } from './carriedFindings';
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
import type { DocumentReading, DocumentResult, Results } from './results';
import { type HostSettings, type SettingsByFolder, settingsFor } from './settings';
import { movedVerdicts, type Settled } from './settled';
import { suppressAction } from './suppressAction';
import { NO_INDEX, type TreeVerdicts } from './treeVerdicts';

/**
 * The editor's state at one moment, and what can be asked about it. All offsets are bytes. Every question about a document
 * that is not open or not analysed has an empty answer.
 */
export class Snapshot {
  constructor(
    private readonly texts: ReadonlyMap<string, OpenText>,
    private readonly settings: SettingsByFolder,
    private readonly kernels: Kernels,
    private readonly results: Results,
    private readonly settled: ReadonlyMap<string, Settled>,
    private readonly tree: TreeVerdicts = NO_INDEX,
  ) {}

  text(uri: string): OpenText | undefined {
    return this.texts.get(uri);
  }

  /** The document's kernel and analysis; undefined when it is not open. */
  document(uri: string): DocumentResult | undefined {
    const text = this.texts.get(uri);
    return text && this.results.result(text, () => this.judged(text));
  }

  /** Its facts, before any rule has looked at them. */
  reading(uri: string): DocumentReading | undefined {
    const text = this.texts.get(uri);
    return text && this.results.reading(text, () => this.read(text));
  }

  /** Whether the document is kernel code that is looked at; does not analyse it. */
  isAnalysed(uri: string): boolean {
    const text = this.texts.get(uri);
    return text !== undefined && this.isWanted(text, this.settingsFor(text.path));
  }

  /**
   * The findings to show. After an edit inside of one function those of all others are what they were: what the edit means for them is said
   * when the document is looked at as a whole.
   */
  diagnostics(uri: string): readonly Finding[] {
    const text = this.texts.get(uri);
    if (text === undefined) return [];
    return this.results.shownFor(text, () => this.findingsAfterEdit(text) ?? this.findings(uri));
  }

  /** All findings of the text as it is. */
  private findings(uri: string): readonly Finding[] {
    return this.document(uri)?.analysis?.findings ?? [];
  }

  hover(uri: string, offset: number): Hover | undefined {
    const document = this.document(uri);
    if (document?.analysis === undefined || !inText(document.text, offset)) return undefined;
    return hoverAt(document.analysis, document.kernel.context.model, offset);
  }

  /** Fixes of the findings that touch the range, and behind all of them the comments that accept these findings. */
  codeActions(uri: string, range: TextRange): readonly CodeAction[] {
    const findings = this.findingsIn(uri, range);
    const bytes = this.texts.get(uri)?.bytes;
    const suppressions = bytes === undefined ? [] : findings.flatMap((finding) => suppressAction(bytes, finding) ?? []);
    return [...codeActionsAt(findings, range), ...suppressions];
  }

  /** The findings that touch a range. */
  findingsIn(uri: string, range: TextRange): readonly Finding[] {
    return findingsAt(this.findings(uri), range);
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
    const reading = position === undefined ? undefined : this.reading(uri);
    if (position === undefined || reading?.facts === undefined) return [];
    const call = callAround(reading.facts, offset) ?? this.callBeingWritten(text, reading.kernel, position.word);
    return flagCompletions(position, call, model);
  }

  /** What the masks of the calls in a range come to, and in which contexts functions may run; each only if the user asked for it. */
  inlayHints(uri: string, range: TextRange): readonly MaskHint[] {
    const { inlayHints, contextHints: wanted } = this.settingsFor(this.texts.get(uri)?.path ?? '');
    if (!inlayHints && !wanted) return [];
    const { facts, kernel } = this.reading(uri) ?? {};
    if (facts === undefined || kernel === undefined) return [];
    const masks = inlayHints ? maskHints(facts, kernel.context.model, range) : [];
    return wanted ? [...masks, ...contextHints(facts, this.contextsOf(kernel, facts), range)] : masks;
  }

  /** One line for each function that allocates, and one for each in which sleeping may be forbidden; each only if the user asked for it. */
  codeLenses(uri: string): readonly FunctionLens[] {
    const { codeLens, contextLens } = this.settingsFor(this.texts.get(uri)?.path ?? '');
    if (!codeLens && !contextLens) return [];
    const { facts, kernel } = this.reading(uri) ?? {};
    if (facts === undefined || kernel === undefined) return [];
    const masks = codeLens ? functionLenses(facts, this.findings(uri), kernel.context.model) : [];
    return contextLens ? [...contextLenses(facts, this.contextsOf(kernel, facts)), ...masks] : masks;
  }

  /** From the index of the tree; without one, what the document's own functions and callbacks say, once somebody has looked at all of it. */
  private contextsOf({ root, path, context }: KernelOfFile, facts: FileFacts): readonly FunctionContext[] {
    return this.tree.contexts(root, path) ?? contextsOfFile(facts, context.model);
  }

  maskAt(uri: string, offset: number): MaskAt | undefined {
    const { facts, kernel } = this.reading(uri) ?? {};
    if (facts === undefined || kernel === undefined || !inText(facts.file, offset)) return undefined;
    return maskAt(facts, kernel.context.model, offset);
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
    const known = open && this.results.kernelOf(open);
    return known ?? kernelOfFile(this.kernels, open?.path ?? path, this.settingsFor(open?.path ?? path));
  }

  settingsFor(path: string): HostSettings {
    return withProject(settingsFor(this.settings, path), this.kernels.projectOf(path), this.kernels.rootAbove(path));
  }

  /** In steps: a document that was read, with what the whole tree says of its calls, or else its own functions of each other, and the files around of its members. */
  analyseWhole(
    text: OpenText,
    kernel: KernelOfFile,
    facts: FileFacts,
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

  private read(text: OpenText): DocumentReading {
    const settings = this.settingsFor(text.path);
    const kernel = kernelOfFile(this.kernels, text.path, settings);
    if (!this.isWanted(text, settings)) return { kernel, facts: undefined };
    // A document that was just opened is shown before its headers are read.
    const context = this.settled.has(text.uri) ? kernel.context : { ...kernel.context, headers: undefined };
    return { kernel, facts: readSource(kernel.path, text.bytes, context, { over: this.results.takeSpare(text.uri) }) };
  }

  private judged(text: OpenText): DocumentResult {
    const { kernel, facts } = this.reading(text.uri)!;
    return { text, kernel, analysis: facts && judge(facts, this.judging(text, kernel), this.saidOf(text)) };
  }

  /** What was said of a text's calls and members when there was time to look at all of it. */
  saidOf({ uri, bytes }: OpenText): Pick<SourceAnalysis, 'verdicts' | 'fields'> {
    const settled = this.settled.get(uri);
    return settled ? { verdicts: movedVerdicts(settled, bytes), fields: settled.fields } : { verdicts: [], fields: [] };
  }

  private findingsAfterEdit(text: OpenText): readonly Finding[] | undefined {
    const before = this.results.judgedText(text.uri);
    const { facts, kernel } = before === undefined ? {} : (this.reading(text.uri) ?? {});
    const edit = before && facts && functionEdit(before, facts);
    if (edit === undefined || facts === undefined || kernel === undefined) return undefined;
    const { model, rules } = this.judging(text, kernel);
    const { findings } = runRules(facts, model, rules, { ...this.saidOf(text), functions: edit.functions });
    return [...edit.carried, ...findings].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  }

  /** A call that is only half there: the text is read again with the mask written out and the call closed. */
  private callBeingWritten(text: OpenText, kernel: KernelOfFile, word: TextRange): CallSite | undefined {
    const end = new TextEncoder().encode('GFP_KERNEL);');
    const bytes = new Uint8Array(text.bytes.length - (word.end - word.start) + end.length);
    bytes.set(text.bytes.subarray(0, word.start));
    bytes.set(end, word.start);
    bytes.set(text.bytes.subarray(word.end), word.start + end.length);
    return callAround(readSource(kernel.path, bytes, kernel.context), word.start);
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

function inText(text: { readonly bytes: Uint8Array }, offset: number): boolean {
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
