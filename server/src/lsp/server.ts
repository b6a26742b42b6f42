import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type CodeLens,
  type CodeLensParams,
  CodeLensRefreshRequest,
  CodeLensRequest,
  type CompletionItem,
  type CompletionParams,
  type Connection,
  type Diagnostic,
  type DidChangeWatchedFilesParams,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type FoldingRange,
  type Hover,
  type HoverParams,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
  type InlayHintParams,
  type Range,
  TextDocuments,
} from 'vscode-languageserver';
import { MAX_TEXT } from '../ide/document';
import { Host } from '../ide/host';
import type { KernelOfFile } from '../ide/kernels';
import type { HostSettings } from '../ide/settings';
import type { Project } from '../program/project';
import { type AssistAnswer, type AssistParams, assistQuestion } from '../protocol/assist';
import { type CheckParams, type CheckResult, checkQuestion } from '../protocol/check';
import {
  type ExplainLogParams,
  explainLogQuestion,
  type FindFunctionParams,
  type FunctionPlace,
  findFunctionQuestion,
  type LogPage,
} from '../protocol/logs';
import { rulePageQuestion } from '../protocol/pages';
import { type IndexParams, type IndexResult, indexQuestion } from '../protocol/treeIndex';
import { acceptActions } from './acceptActions';
import { type AssistHost, answerAssistant } from './assistRequests';
import { ByteDocument } from './byteDocument';
import { runCheck } from './checkRequest';
import { type ClientFeatures, clientFeatures, FIX_ALL, serverCapabilities } from './clientFeatures';
import { Configuration } from './configuration';
import type { Files } from './files';
import { toTextRange } from './fromProto';
import { contentModified, Guard } from './guard';
import { IdleSchedule } from './idleSchedule';
import { IndexService } from './indexService';
import { LogRequests } from './logRequests';
import { answerMaskRequests } from './maskRequests';
import { PushSchedule } from './pushSchedule';
import { RulePages } from './rulePages';
import { StatusReports } from './statusReports';
import { toCodeLens, toCompletionItem, toInlayHint } from './toEditorFeatures';
import { type ProtoContext, toCodeAction, toDiagnostic, toHover, toProjectDiagnostic } from './toProto';
import type { IndexPlatform } from './treeIndex';
import { TreeKernels } from './treeKernels';

interface TextDocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** What the server takes from the machine it runs on. */
export interface Platform {
  readonly files: Files;
  /** Where the manual page of a rule is installed, if it is. */
  readonly pageUri: (rule: string) => string | undefined;
  readonly version: string;
  /** How indexes of whole trees are kept; absent where that is not possible. */
  readonly index?: IndexPlatform;
}

const C_SOURCES = [{ language: 'c' }, { language: 'cpp', pattern: '**/*.h' }];
const NO_CHECK: CheckResult = { files: 0, findings: 0, summary: '' };
const NO_INDEX: IndexResult = { files: 0, state: 'failed', message: 'there is no index here' };

/**
 * The language server: takes messages apart, asks a snapshot, and converts the answer. It decides nothing about masks.
 */
export class LanguageServer {
  private readonly kernels: TreeKernels;
  /** Absent where there are no threads. */
  private readonly index: IndexService | undefined;
  private readonly host: Host;
  private readonly guard: Guard;
  private readonly documents: TextDocuments<ByteDocument>;
  private readonly push = new PushSchedule((uri) => this.guard.run('diagnostics', () => this.refresh(uri)));
  private readonly idle = new IdleSchedule((uri) => this.guard.run('analysis', () => this.settle(uri)));
  /** Documents whose diagnostics were pushed and not taken back. */
  private readonly published = new Set<string>();
  /** Project files whose mistakes are shown. */
  private readonly wrongProjects = new Set<string>();
  /** Counts what can change diagnostics of an unchanged text; part of their result id. */
  private generation = 0;
  private features: ClientFeatures = clientFeatures({ processId: null, rootUri: null, capabilities: {} });
  private pages: RulePages;
  private logs: LogRequests;
  /** How a hover links to a closer look at a mask; `{mask}` stands for it. */
  private maskLink: string | undefined;
  /** Our own client has commands that a code lens can name. */
  private ownClient = false;
  private configuration: Configuration | undefined;
  private status: StatusReports;

  constructor(
    private readonly connection: Connection,
    private readonly platform: Platform,
  ) {
    this.guard = new Guard((message) => connection.console.error(message));
    this.kernels = new TreeKernels(platform.files, (project) => this.guard.run('project file', () => this.projectRead(project)));
    this.index =
      platform.index &&
      new IndexService(connection, platform.files, platform.index, {
        snapshot: () => this.host.snapshot(),
        changed: (root, paths) => this.guard.run('index', () => this.indexChanged(root, paths)),
        contexts: () => this.guard.run('contexts', () => this.refreshHints()),
        started: () => this.configuration?.watchSources(this.features),
        ownClient: () => this.ownClient,
        showsProgress: () => this.features.workDoneProgress,
      });
    this.host = new Host(this.kernels, this.index?.indexes);
    this.pages = new RulePages(platform.pageUri, undefined);
    this.logs = new LogRequests(platform.files, undefined);
    this.status = new StatusReports(connection, false);
    this.documents = new TextDocuments({
      create: (uri, languageId, version, text) =>
        ByteDocument.open(uri, platform.files.pathOf(uri) ?? uri, languageId, version, text, this.features.encoding),
      update: (document, changes, version) => document.edited(changes, version),
    });
  }

  listen(): void {
    const { connection, guard } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => guard.run('initialized', () => this.start()));
    connection.onDidChangeConfiguration((params) => guard.run('settings', () => this.configuration?.changed(params.settings)));
    connection.onDidChangeWatchedFiles((params) => guard.run('watched files', () => this.filesChanged(params)));
    connection.onHover((params, token) => guard.request<Hover | null>('hover', token, null, this.hover(params)));
    connection.onCodeAction((params, token) => guard.request<CodeAction[]>('code action', token, [], this.codeActions(params)));
    connection.onCompletion((params, token) => guard.request<CompletionItem[]>('completion', token, [], this.completion(params)));
    connection.languages.inlayHint.on((params, token) => guard.request<InlayHint[]>('inlay hints', token, [], this.inlayHints(params)));
    connection.onCodeLens((params, token) => guard.request<CodeLens[]>('code lens', token, [], this.codeLenses(params)));
    connection.onFoldingRanges((params, token) =>
      guard.request<FoldingRange[]>(
        'folding',
        token,
        [],
        this.ofLog(params, [], (log) => this.logs.folds(log)),
      ),
    );
    connection.languages.diagnostics.on((params, token) => this.pull(params, token));
    connection.onRequest(rulePageQuestion.method, (params, token) =>
      guard.request('rule page', token, null, () => this.pages.page(String(params?.id))),
    );
    connection.onRequest(explainLogQuestion.method, (params, token) =>
      guard.request('explain log', token, null, () => this.explainLog(params, token)),
    );
    connection.onRequest(findFunctionQuestion.method, (params, token) =>
      guard.request('find function', token, null, () => this.findFunction(params, token)),
    );
    connection.onRequest(checkQuestion.method, (params, token) => guard.request('check', token, NO_CHECK, () => this.check(params, token)));
    connection.onRequest(assistQuestion.method, (params: AssistParams, token: CancellationToken) =>
      guard.request<AssistAnswer>('assistant', token, { error: 'GFP Lens made a mistake, see its output' }, () =>
        answerAssistant(params, this.assistHost(), token),
      ),
    );
    connection.onRequest(indexQuestion.method, (params: IndexParams, token: CancellationToken) =>
      guard.request('index', token, NO_INDEX, () => this.indexTree(params, token)),
    );
    connection.onShutdown(() => this.index?.indexes.dispose());
    answerMaskRequests(connection, {
      guard,
      kernelFor: (uri) => this.kernelFor(uri),
      link: (rule) => this.pages.link(rule),
    });
    this.documents.onDidOpen(({ document }) => guard.run('open', () => this.opened(document)));
    this.documents.onDidChangeContent(({ document }) => guard.run('change', () => this.changed(document)));
    this.documents.onDidClose(({ document }) => guard.run('close', () => this.closed(document)));
    this.documents.listen(connection);
    connection.listen();
  }

  private initialize(params: InitializeParams): InitializeResult {
    this.features = clientFeatures(params);
    const options = (params.initializationOptions ?? {}) as { rulePageLink?: unknown; maskLink?: unknown; explainLogCommand?: unknown };
    this.maskLink = typeof options.maskLink === 'string' ? options.maskLink : undefined;
    const template = typeof options.rulePageLink === 'string' ? options.rulePageLink : undefined;
    this.pages = new RulePages(this.platform.pageUri, template);
    this.logs = new LogRequests(this.platform.files, typeof options.explainLogCommand === 'string' ? options.explainLogCommand : undefined);
    // Only our own client knows our notifications; it also brings its own links.
    this.ownClient = template !== undefined;
    this.status = new StatusReports(this.connection, this.ownClient);
    this.configuration = new Configuration(this.connection, this.platform.files, params, (settings) => {
      this.host.apply({ kind: 'settings', settings });
      this.refreshAll();
    });
    return { capabilities: serverCapabilities(this.features), serverInfo: { name: 'gfp-lens', version: this.platform.version } };
  }

  /** What a client is told of late, document by document: logs and C have different providers. */
  private async register(): Promise<void> {
    await this.logs.register(this.connection, this.features);
    if (this.features.lensRegistration) await this.connection.client.register(CodeLensRequest.type, { documentSelector: C_SOURCES });
  }

  private start(): Promise<void> | undefined {
    this.guard.run('registration', () => this.register());
    const settled = this.configuration?.start(this.features);
    // The first file to be opened will most likely lie in this tree.
    this.host.snapshot().kernelOf(undefined, this.configuration?.firstFolder);
    return settled;
  }

  // ── documents ────────────────────────────────────────────────────────────────────────────────

  private opened(document: ByteDocument): void {
    // What a check published for the file is replaced by what the open document has.
    if (this.features.pull) this.publish(document.uri, []);
  }

  private changed(document: ByteDocument): void {
    this.host.apply({ kind: 'text', text: document });
    this.push.changed(document.uri);
    this.idle.changed(document.uri);
  }

  private closed(document: ByteDocument): void {
    const { root, path } = this.host.snapshot().kernelOf(document.uri);
    this.index?.indexes.closed(root, path);
    this.host.apply({ kind: 'close', uri: document.uri });
    this.push.closed(document.uri);
    this.idle.closed(document.uri);
    this.status.closed(document.uri);
    this.publish(document.uri, []);
  }

  private filesChanged({ changes }: DidChangeWatchedFilesParams): void {
    const paths = changes.map((change) => this.platform.files.pathOf(change.uri));
    const { files } = this.platform;
    this.index?.indexes.filesChanged(paths.filter((path) => path !== undefined));
    if (!paths.some((path) => path !== undefined && this.kernels.dependsOn(path))) return;
    for (const path of paths) if (path !== undefined) files.forget?.(path);
    this.kernelChanged();
  }

  /** Files that could not be read before can be read now. */
  filesArrived(): void {
    this.guard.run('files', () => this.kernelChanged());
  }

  /** What was read from disk about kernels and projects is read again. */
  private kernelChanged(): void {
    for (const uri of this.wrongProjects) this.publish(uri, []);
    this.wrongProjects.clear();
    this.host.apply({ kind: 'kernel' });
    this.refreshAll();
  }

  private projectRead(project: Project): void {
    if (project.baselinePath !== undefined) this.configuration?.watch(project.baselinePath, this.features);
    if (!this.features.watchRegistration) this.watchProject(project);
    if (project.problems.length === 0) return;
    const uri = this.platform.files.uriOf(project.path);
    this.wrongProjects.add(uri);
    this.publish(uri, project.problems.map(toProjectDiagnostic));
  }

  /** The project file and its baseline are watched by ourselves. */
  private watchProject({ path, baselinePath }: Project): void {
    const changed = (): void => this.guard.run('project file', () => this.kernelChanged());
    for (const file of [path, ...(baselinePath === undefined ? [] : [baselinePath])]) this.platform.files.watch?.(file, changed);
  }

  /** Something other than a text changed: everything shown has to be made anew. */
  private refreshAll(): void {
    this.generation++;
    for (const { uri } of this.documents.all()) {
      this.push.changed(uri);
      this.idle.changed(uri);
    }
    if (this.features.pull) this.connection.languages.diagnostics.refresh().catch(() => undefined);
    this.refreshHints();
  }

  private refreshHints(): void {
    if (this.features.inlayHintRefresh) this.connection.languages.inlayHint.refresh().catch(() => undefined);
    if (this.features.codeLensRefresh) this.connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
  }

  // ── diagnostics ──────────────────────────────────────────────────────────────────────────────

  /** Publishes what the newest text has, in one piece: no other message comes in between. */
  private refresh(uri: string): void {
    const document = this.documents.get(uri);
    if (document === undefined) return;
    if (!this.features.pull) this.publish(uri, this.diagnosticsOf(document), document.version);
    this.status.document(uri, this.host.snapshot());
  }

  /** While nobody types: what the functions of the document do to each other, and what its headers say. Shown only if it changes something. */
  private settle(uri: string): void {
    const snapshot = this.host.snapshot();
    const text = snapshot.text(uri);
    if (text !== undefined && snapshot.isAnalysed(uri)) this.index?.opened(snapshot.kernelOf(uri).root, snapshot.settingsFor(text.path));
    const before = snapshot.document(uri)?.analysis?.facts;
    if (this.host.settle(uri)) this.showAgain(uri);
    // Contexts of functions are known only now.
    const { contextLens, contextHints } = snapshot.settingsFor(text?.path ?? '');
    if ((contextLens || contextHints) && before !== undefined && before.linkage === undefined) this.refreshHints();
  }

  private showAgain(uri: string): void {
    this.refresh(uri);
    if (!this.features.pull) return;
    this.generation++;
    this.connection.languages.diagnostics.refresh().catch(() => undefined);
  }

  private async indexTree(params: IndexParams, token: CancellationToken): Promise<IndexResult> {
    return this.index === undefined ? NO_INDEX : this.index.answer(params, token);
  }

  /** An index says other things of these files, or of any: the open ones are shown what it says of the texts that it knows. */
  private indexChanged(root: string, paths: ReadonlySet<string> | undefined): void {
    if (paths === undefined) this.host.apply({ kind: 'index' });
    for (const document of this.documents.all()) {
      const kernel = this.host.snapshot().kernelOf(document.uri);
      if (kernel.root !== root) continue;
      if (paths === undefined) this.idle.changed(document.uri);
      const verdicts = paths?.has(kernel.path) === true ? this.index?.indexes.of(root, kernel.path, document.bytes)?.verdicts : undefined;
      if (verdicts !== undefined && this.host.said(document.uri, document.bytes, verdicts)) this.showAgain(document.uri);
    }
  }

  private diagnosticsOf(document: ByteDocument): Diagnostic[] {
    const context = this.protoContext(document);
    return this.host
      .snapshot()
      .diagnostics(document.uri)
      .map((finding) => toDiagnostic(finding, document, context));
  }

  private publish(uri: string, diagnostics: Diagnostic[], version?: number): void {
    if (diagnostics.length === 0 && version === undefined && !this.published.has(uri)) return;
    if (diagnostics.length === 0) this.published.delete(uri);
    else this.published.add(uri);
    const withVersion = version !== undefined && this.features.diagnosticVersion;
    this.guard.run('publish', () => this.connection.sendDiagnostics({ uri, diagnostics, ...(withVersion && { version }) }));
  }

  private pull(params: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    return this.guard.request<DocumentDiagnosticReport>('diagnostics', token, { kind: 'full', items: [] }, () => {
      const document = this.documentOf(params);
      if (document === undefined) return { kind: 'full', items: [] };
      const resultId = `${document.version}.${this.generation}`;
      if (params.previousResultId === resultId) return { kind: 'unchanged', resultId };
      return { kind: 'full', resultId, items: this.diagnosticsOf(document) };
      // A ResponseError is an answer of its own to the connection, though its handler type for this request does not say so.
    }) as Promise<DocumentDiagnosticReport>;
  }

  // ── questions ────────────────────────────────────────────────────────────────────────────────
  // Each takes its document when the request comes in, and answers only when that is still the newest: positions of one
  // text mean nothing in another.

  private hover(params: HoverParams): () => Hover | null {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined) return null;
      this.assertNewest(document);
      if (LogRequests.isLog(document)) return this.logHover(document, params);
      const [snapshot, offset] = [this.host.snapshot(), document.offsetAt(params.position)];
      const hover = snapshot.hover(document.uri, offset);
      if (hover === undefined) return null;
      const mask = this.maskLink === undefined ? undefined : snapshot.maskTextAt(document.uri, offset);
      const explore = mask === undefined ? undefined : this.maskLink?.replace('{mask}', encodeURIComponent(mask));
      return toHover(hover, document, this.protoContext(document), explore);
    };
  }

  private logHover(document: ByteDocument, { position }: HoverParams): Hover | null {
    const { context } = this.kernelOfLog(document);
    return this.logs.hover(document, position, context, this.protoContext(document));
  }

  /** A log lies in no tree: the one that is open counts. */
  private kernelOfLog(document: ByteDocument): KernelOfFile {
    const snapshot = this.host.snapshot();
    const own = snapshot.kernelOf(undefined, document.path);
    return own.root === undefined ? snapshot.kernelOf(undefined, this.configuration?.firstFolder) : own;
  }

  /** A question that has an answer for kernel logs only. */
  private ofLog<T>(params: TextDocumentParams, empty: T, answer: (log: ByteDocument) => T): () => T {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined || !LogRequests.isLog(document)) return empty;
      this.assertNewest(document);
      return answer(document);
    };
  }

  private async explainLog(params: ExplainLogParams, token: CancellationToken): Promise<LogPage | null> {
    const document = this.documents.get(String(params?.uri));
    if (document === undefined || !LogRequests.isLog(document)) return null;
    return this.logs.page(document, params, this.kernelOfLog(document), token);
  }

  private async findFunction(params: FindFunctionParams, token: CancellationToken): Promise<FunctionPlace | null> {
    const document = this.documents.get(String(params?.uri));
    return document === undefined ? null : this.logs.place(params, this.kernelOfLog(document), token);
  }

  private codeActions(params: CodeActionParams): () => CodeAction[] {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined) return [];
      this.assertNewest(document);
      const snapshot = this.host.snapshot();
      const only = params.context.only;
      const wants = (kind: string): boolean => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
      const quick = wants('quickfix') ? snapshot.codeActions(document.uri, toTextRange(params.range, document)) : [];
      const offers = wants(CodeActionKind.RefactorRewrite) ? snapshot.offers(document.uri, toTextRange(params.range, document)) : [];
      // Fixing everything costs several analyses: only when it is asked for by name.
      const all = only !== undefined && wants(FIX_ALL) ? snapshot.fixAll(document.uri) : undefined;
      const context = this.protoContext(document);
      const own = [...quick, ...offers, ...(all === undefined ? [] : [all])].flatMap((one) => toCodeAction(one, document, context) ?? []);
      return wants('quickfix') ? [...own, ...this.acceptActions(document, params.range, context)] : own;
    };
  }

  /** What accepts the findings at a place without a change of the source. */
  private acceptActions(document: ByteDocument, range: Range, context: ProtoContext): readonly CodeAction[] {
    const { files } = this.platform;
    const snapshot = this.host.snapshot();
    const { root } = snapshot.kernelOf(document.uri);
    const saveCommand = this.ownClient ? 'gfpLens.saveFiles' : undefined;
    const place = { files, features: this.features, project: this.kernels.projectOf(document.path), root, saveCommand };
    return snapshot.findingsIn(document.uri, toTextRange(range, document)).flatMap((finding) => {
      const diagnostics = [toDiagnostic(finding, document, context)];
      return acceptActions(finding, place).map((action) => ({ ...action, diagnostics }));
    });
  }

  private completion(params: CompletionParams): () => CompletionItem[] {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined) return [];
      this.assertNewest(document);
      const items = this.host.snapshot().completions(document.uri, document.offsetAt(params.position));
      return items.map((item) => toCompletionItem(item, document));
    };
  }

  private inlayHints(params: InlayHintParams): () => InlayHint[] {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined) return [];
      this.assertNewest(document);
      const hints = this.host.snapshot().inlayHints(document.uri, toTextRange(params.range, document));
      return hints.map((hint) => toInlayHint(hint, document));
    };
  }

  private codeLenses(params: CodeLensParams): () => CodeLens[] {
    const document = this.documentOf(params);
    return () => {
      if (document === undefined) return [];
      this.assertNewest(document);
      if (LogRequests.isLog(document)) return this.logs.lenses(document);
      const lenses = this.host.snapshot().codeLenses(document.uri);
      return lenses.map((lens) => toCodeLens(lens, document, this.ownClient));
    };
  }

  private kernelFor(uri: string | undefined): { readonly kernel: KernelOfFile; readonly settings: HostSettings } {
    const snapshot = this.host.snapshot();
    const path = (uri === undefined ? undefined : this.platform.files.pathOf(uri)) ?? this.configuration?.firstFolder;
    return { kernel: snapshot.kernelOf(uri, path), settings: snapshot.settingsFor(path ?? '') };
  }

  private assistHost(): AssistHost {
    return {
      files: this.platform.files,
      snapshot: this.host.snapshot(),
      folders: this.configuration?.folderPaths ?? [],
      openDocument: (path) => this.documents.all().find((one) => one.path === path),
    };
  }

  private async check(params: CheckParams, token: CancellationToken): Promise<CheckResult> {
    const progress = this.connection.window.attachWorkDoneProgress(params.workDoneToken);
    // The client's own progress view has the title already.
    const snapshot = this.host.snapshot();
    progress.begin('GFP Lens', 0, 'looking for files', true);
    this.status.busy(snapshot, 'checking files');
    try {
      const openUri = (path: string): string | undefined => this.documents.all().find((one) => one.path === path)?.uri;
      const link = (rule: string): string | undefined => this.pages.link(rule);
      const documentAt = (root: string | undefined, path: string): ByteDocument | undefined => this.documentAt(root, path);
      const publish = (uri: string, diagnostics: Diagnostic[]): void => this.publish(uri, diagnostics);
      return await runCheck(
        params,
        { files: this.platform.files, snapshot, features: this.features, link, documentAt, openUri, publish },
        progress,
        token,
      );
    } finally {
      progress.done();
      this.status.idle(snapshot);
    }
  }

  // ── conversion ───────────────────────────────────────────────────────────────────────────────

  /** Undefined when it is not open, or when the request is malformed. */
  private documentOf(params: Partial<TextDocumentParams> | undefined): ByteDocument | undefined {
    return this.documents.get(String(params?.textDocument?.uri));
  }

  private assertNewest(document: ByteDocument): void {
    if (this.documents.get(document.uri) !== document) throw contentModified();
  }

  private protoContext(document: ByteDocument): ProtoContext {
    const { root } = this.host.snapshot().kernelOf(document.uri);
    return { features: this.features, link: (rule) => this.pages.link(rule), documentAt: (path) => this.documentAt(root, path) };
  }

  /** A file by the path that findings use: the open document if there is one, else what is on disk. */
  private documentAt(root: string | undefined, path: string): ByteDocument | undefined {
    const { files } = this.platform;
    const absolute = root === undefined ? path : files.resolve(root, path);
    const open = this.documents.all().find((one) => one.path === absolute);
    if (open !== undefined) return open;
    const bytes = files.read(absolute, MAX_TEXT);
    return bytes && ByteDocument.ofFile(files.uriOf(absolute), absolute, bytes, this.features.encoding);
  }
}
