import type { CancellationToken, Diagnostic, WorkDoneProgressReporter } from 'vscode-languageserver';
import { Interner } from '../base/interner';
import { isReadableC, MAX_TEXT } from '../ide/document';
import { type KernelContext, relativeTo } from '../ide/kernels';
import { ruleSettings, type Snapshot } from '../ide/snapshot';
import { type AnalysisOptions, analyseSource, reportsOnFields, type SourceAnalysis } from '../program/analyseSource';
import { isWorthParsing, licenceEnd } from '../program/interest';
import { ProgramGraph } from '../program/link/graph';
import { type Shard, ShardWriter } from '../program/link/shard';
import type { CheckParams, CheckResult } from '../protocol/check';
import { type CheckedFile, checkHtml } from '../report/checkHtml';
import type { Finding } from '../rules/rule';
import type { RuleSettings } from '../rules/run';
import { ByteDocument } from './byteDocument';
import { type CheckOutcome, checkFiles, checkResult, type FileOutcome, gapCounts } from './checkFiles';
import { judgeTogether, type Together } from './checkTogether';
import type { ClientFeatures } from './clientFeatures';
import type { Files } from './files';
import { type ProtoContext, toDiagnostic } from './toProto';

/** A fresh interner takes the place of one with so many names, so that memory does not grow with the tree. */
const MAX_NAMES = 400_000;
const latin1 = new TextDecoder('latin1');

export interface CheckEnvironment {
  readonly files: Files;
  readonly snapshot: Snapshot;
  readonly features: ClientFeatures;
  readonly link: ProtoContext['link'];
  readonly documentAt: (root: string | undefined, path: string) => ByteDocument | undefined;
  /** The URI under which a file is open, if it is: its diagnostics are shown already. */
  readonly openUri: (path: string) => string | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[]) => void;
}

/** Runs one `gfpLens/check`: finds the files, analyses them and publishes what was found in those that are not open. */
export async function runCheck(
  params: CheckParams,
  environment: CheckEnvironment,
  progress: WorkDoneProgressReporter,
  token: CancellationToken,
): Promise<CheckResult> {
  const { files: disk } = environment;
  const path = disk.pathOf(params.uri);
  if (path === undefined) return { files: 0, findings: 0, summary: 'only files on disk can be checked' };
  const start = startOf(params.kind, path, environment);
  const files = params.kind === 'file' ? [start] : await disk.sources(start, () => token.isCancellationRequested);
  const checker = new DiskChecker(environment, disk.resolve(start, 'x'), params.kind);
  const outcome = await checkFiles({
    files,
    check: (file) => checker.check(file),
    ...(params.kind !== 'file' && { again: () => checker.judgeTogether(files, () => token.isCancellationRequested) }),
    progress: (done) => progress.report(Math.floor((100 * done) / files.length), `${done} of ${files.length} files`),
    isCancelled: () => token.isCancellationRequested,
  });
  const result = checkResult(outcome);
  return params.kind === 'file' ? result : { ...result, report: checker.report(start, outcome) };
}

/** Where to look: the file, its folder when a file was given as one, or the root of the tree around it. */
function startOf(kind: CheckParams['kind'], path: string, { files, snapshot }: CheckEnvironment): string {
  if (kind === 'file') return path;
  const folder = files.isFolder(path) ? path : files.parent(path);
  return kind === 'folder' ? folder : (snapshot.kernelOf(undefined, files.resolve(folder, 'x')).root ?? folder);
}

class DiskChecker {
  private readonly root: string | undefined;
  private readonly rules: RuleSettings;
  private context: KernelContext;
  private shards: ShardWriter;
  private readonly finished: Shard[] = [];
  /** Set when all files have been read once. */
  private together: Together | undefined;

  constructor(
    private readonly environment: CheckEnvironment,
    anyPath: string,
    private readonly kind: CheckParams['kind'],
  ) {
    const kernel = environment.snapshot.kernelOf(undefined, anyPath);
    this.root = kernel.root;
    this.context = { ...kernel.context, interner: new Interner() };
    this.rules = ruleSettings(environment.snapshot.settingsFor(anyPath));
    this.shards = new ShardWriter(this.context.interner);
  }

  /** What all files together say; answers those that this changes, to be checked again. */
  async judgeTogether(all: readonly string[], isCancelled: () => boolean): Promise<readonly string[]> {
    this.finished.push(this.shards.take());
    const { root, rules, context } = this;
    const { files } = this.environment;
    const placeOf = (path: string): string => (root === undefined ? path : files.resolve(root, path));
    const complete = this.kind === 'tree';
    const below = async (folders: readonly string[]): Promise<readonly string[]> => {
      if (root === undefined) return [];
      const found = complete ? all : (await Promise.all(folders.map((folder) => files.sources(placeOf(folder), isCancelled)))).flat();
      return found.map((path) => relativeTo(root, path));
    };
    this.together = await judgeTogether(ProgramGraph.of(this.finished), {
      model: context.model,
      rules,
      complete,
      below,
      ask: (path, members) => {
        const bytes = files.read(placeOf(path), MAX_TEXT);
        return bytes === undefined ? [] : reportsOnFields(path, bytes, { ...context, rules }, members);
      },
      isCancelled,
    });
    return [...new Set([...this.together.verdicts.keys(), ...this.together.fields.keys()])].map(placeOf);
  }

  check(path: string): FileOutcome | undefined {
    const open = this.environment.openUri(path);
    // What is open is shown by itself; its functions count for the others all the same.
    if (open !== undefined && (this.kind === 'file' || this.together)) return outcomeOf(this.environment.snapshot.document(open)?.analysis);
    const { files } = this.environment;
    const bytes = files.read(path, MAX_TEXT);
    if (bytes === undefined) return undefined;
    const uri = files.uriOf(path);
    if (!isReadableC({ uri, path, languageId: 'c', version: 0, bytes })) return undefined;
    let text: string | undefined;
    const code = licenceEnd(bytes);
    const has = (word: string): boolean => (text ??= latin1.decode(bytes)).includes(word, code);
    if (this.kind !== 'file' && !isWorthParsing({ path, size: bytes.length, has }, true)) return { findings: [], gaps: [] };
    const name = relativeTo(this.root, path);
    const analysis = analyseSource(name, bytes, { ...this.context, rules: this.rules }, this.optionsFor(name));
    const { facts, findings } = analysis;
    if (facts.linkage && this.kind !== 'file') this.shards.add(name, facts.linkage);
    if (this.context.interner.size > MAX_NAMES) this.freshNames();
    if (open !== undefined) return outcomeOf(this.environment.snapshot.document(open)?.analysis);
    this.publish(uri, path, bytes, findings);
    return outcomeOf(analysis);
  }

  /** The page about a check that began at `start`. */
  report(start: string, { outcomes, cancelled }: CheckOutcome): NonNullable<CheckResult['report']> {
    const { files } = this.environment;
    const found = [...outcomes].flatMap(([path, { findings }]): readonly CheckedFile[] =>
      findings.length === 0
        ? []
        : [{ path: relativeTo(this.root, path), uri: this.environment.openUri(path) ?? files.uriOf(path), findings }],
    );
    const what = start === this.root ? 'the kernel tree' : relativeTo(this.root, start);
    const { label } = this.context.model;
    const gaps = gapCounts(outcomes.values());
    return { title: `Check of ${what}`, html: checkHtml({ what, kernel: label, files: outcomes.size, cancelled, found, gaps }) };
  }

  private optionsFor(name: string): AnalysisOptions {
    if (this.kind === 'file') return { alone: true };
    if (this.together === undefined) return { linked: true };
    const fields = this.together.fields.get(name);
    return { verdicts: this.together.verdicts.get(name) ?? [], ...(fields && { fields }) };
  }

  private freshNames(): void {
    this.finished.push(this.shards.take());
    this.context = { ...this.context, interner: new Interner() };
    this.shards = new ShardWriter(this.context.interner);
  }

  private publish(uri: string, path: string, bytes: Uint8Array, findings: readonly Finding[]): void {
    const { features, link, documentAt, publish } = this.environment;
    const document = ByteDocument.ofFile(uri, path, bytes, features.encoding);
    const context: ProtoContext = { features, link, documentAt: (other) => documentAt(this.root, other) };
    publish(
      uri,
      findings.map((finding) => toDiagnostic(finding, document, context)),
    );
  }
}

function outcomeOf(analysis: SourceAnalysis): FileOutcome;
function outcomeOf(analysis: SourceAnalysis | undefined): FileOutcome | undefined;
function outcomeOf(analysis: SourceAnalysis | undefined): FileOutcome | undefined {
  if (analysis === undefined) return undefined;
  const { lines } = analysis.facts.file;
  const findings = analysis.findings.map(({ rule, severity, certainty, message, range }) => {
    return { rule, severity, certainty, message, line: lines.lineOf(range.start) + 1 };
  });
  return { findings, gaps: analysis.gaps };
}
