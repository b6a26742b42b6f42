import {
  type CancellationToken,
  type CodeAction,
  type CodeLens,
  CodeLensRequest,
  type CompletionItem,
  type Connection,
  type Diagnostic,
  type DidChangeWatchedFilesParams,
  type FoldingRange,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
} from 'vscode-languageserver';
import { Host } from '../ide/host';
import type { KernelOfFile } from '../ide/kernels';
import type { HostSettings } from '../ide/settings';
import type { Project } from '../program/project';
import { type AssistAnswer, type AssistParams, assistQuestion } from '../protocol/assist';
import { type CheckParams, type CheckResult, checkQuestion } from '../protocol/check';
import { explainLogQuestion, findFunctionQuestion } from '../protocol/logs';
import { rulePageQuestion } from '../protocol/pages';
import { type IndexParams, type IndexResult, indexQuestion } from '../protocol/treeIndex';
import { type AssistHost, answerAssistant } from './assistRequests';
import type { ByteDocument } from './byteDocument';
import { runCheck } from './checkRequest';
import { serverCapabilities } from './clientFeatures';
import { type ClientProfile, clientProfile } from './clientProfile';
import { Configuration } from './configuration';
import { DiagnosticsFeed } from './diagnosticsFeed';
import { DocumentQuestions } from './documentQuestions';
import { Guard } from './guard';
import { IndexService } from './indexService';
import { answerMaskRequests } from './maskRequests';
import { OpenDocuments } from './openDocuments';
import type { Platform } from './platform';
import { StatusReports } from './statusReports';
import { TreeKernels } from './treeKernels';

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
  private readonly documents: OpenDocuments;
  private readonly questions: DocumentQuestions;
  private readonly feed: DiagnosticsFeed;
  private client: ClientProfile;
  private configuration: Configuration | undefined;
  private status: StatusReports;

  constructor(
    private readonly connection: Connection,
    private readonly platform: Platform,
  ) {
    const { files } = platform;
    const client = (): ClientProfile => this.client;
    this.client = clientProfile(platform);
    this.status = new StatusReports(connection, false);
    const guard = new Guard((message) => connection.console.error(message));
    this.guard = guard;
    this.kernels = new TreeKernels(files, (project) => guard.run('project file', () => this.projectRead(project)));
    this.index =
      platform.index &&
      new IndexService(connection, files, platform.index, {
        snapshot: () => this.host.snapshot(),
        changed: (root, paths) => guard.run('index', () => this.indexChanged(root, paths)),
        contexts: () => guard.run('contexts', () => this.feed.refreshHints()),
        started: () => this.configuration?.watchSources(this.client.features),
        ownClient: () => this.client.ownClient,
        showsProgress: () => this.client.features.workDoneProgress,
      });
    const host = new Host(this.kernels, this.index?.indexes);
    this.host = host;
    const documents = new OpenDocuments(files, host, client);
    this.documents = documents;
    const firstFolder = (): string | undefined => this.configuration?.firstFolder;
    this.questions = new DocumentQuestions({ files, host, kernels: this.kernels, documents, client, firstFolder });
    this.feed = new DiagnosticsFeed({
      connection,
      files,
      guard,
      host,
      documents,
      client,
      status: () => this.status,
      rested: (root, settings) => {
        this.index?.opened(root, settings);
        if (!this.client.features.watchRegistration && this.kernels.isStale()) this.kernelChanged();
      },
    });
  }

  listen(): void {
    const { connection, guard, questions, feed } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => guard.run('initialized', () => this.start()));
    connection.onDidChangeConfiguration((params) => guard.run('settings', () => this.configuration?.changed(params.settings)));
    connection.onDidChangeWatchedFiles((params) => guard.run('watched files', () => this.filesChanged(params)));
    connection.onHover((params, token) => guard.request<Hover | null>('hover', token, null, questions.hover(params)));
    connection.onCodeAction((params, token) => guard.request<CodeAction[]>('code action', token, [], questions.codeActions(params)));
    connection.onCompletion((params, token) => guard.request<CompletionItem[]>('completion', token, [], questions.completion(params)));
    connection.languages.inlayHint.on((params, token) =>
      guard.request<InlayHint[]>('inlay hints', token, [], questions.inlayHints(params)),
    );
    connection.onCodeLens((params, token) => guard.request<CodeLens[]>('code lens', token, [], questions.codeLenses(params)));
    connection.onFoldingRanges((params, token) => guard.request<FoldingRange[]>('folding', token, [], questions.folds(params)));
    connection.languages.diagnostics.on((params, token) => feed.pull(params, token));
    connection.onRequest(rulePageQuestion.method, (params, token) =>
      guard.request('rule page', token, null, () => this.client.pages.page(String(params?.id))),
    );
    connection.onRequest(explainLogQuestion.method, (params, token) =>
      guard.request('explain log', token, null, () => questions.explainLog(params, token)),
    );
    connection.onRequest(findFunctionQuestion.method, (params, token) =>
      guard.request('find function', token, null, () => questions.findFunction(params, token)),
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
      link: (rule) => this.client.pages.link(rule),
    });
    const { texts } = this.documents;
    texts.onDidOpen(({ document }) => guard.run('open', () => this.opened(document)));
    texts.onDidChangeContent(({ document }) => guard.run('change', () => this.changed(document)));
    texts.onDidClose(({ document }) => guard.run('close', () => this.closed(document)));
    texts.listen(connection);
    connection.listen();
  }

  private initialize(params: InitializeParams): InitializeResult {
    this.client = clientProfile(this.platform, params);
    this.status = new StatusReports(this.connection, this.client.ownClient);
    this.configuration = new Configuration(this.connection, this.platform.files, params, (settings) => {
      this.host.apply({ kind: 'settings', settings });
      this.feed.refreshAll();
    });
    return { capabilities: serverCapabilities(this.client.features), serverInfo: { name: 'gfp-lens', version: this.platform.version } };
  }

  /** What a client is told of late, document by document: logs and C have different providers. */
  private async register(): Promise<void> {
    await this.client.logs.register(this.connection, this.client.features);
    if (this.client.features.lensRegistration) await this.connection.client.register(CodeLensRequest.type, { documentSelector: C_SOURCES });
  }

  private start(): Promise<void> | undefined {
    this.guard.run('registration', () => this.register());
    const settled = this.configuration?.start(this.client.features);
    // The first file to be opened will most likely lie in this tree.
    this.host.snapshot().kernelOf(undefined, this.configuration?.firstFolder);
    return settled;
  }

  // ── documents and files ──────────────────────────────────────────────────────────────────────

  private opened(document: ByteDocument): void {
    // What a check published for the file is replaced by what the open document has.
    if (this.client.features.pull) this.feed.publish(document.uri, []);
  }

  private changed(document: ByteDocument): void {
    this.host.apply({ kind: 'text', text: document });
    this.feed.changed(document.uri);
  }

  private closed(document: ByteDocument): void {
    const { root, path } = this.host.snapshot().kernelOf(document.uri);
    this.index?.indexes.closed(root, path);
    this.host.apply({ kind: 'close', uri: document.uri });
    this.status.closed(document.uri);
    this.feed.closed(document.uri);
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
    this.feed.forgetProjects();
    this.host.apply({ kind: 'kernel' });
    this.feed.refreshAll();
  }

  private projectRead(project: Project): void {
    if (project.baselinePath !== undefined) this.configuration?.watch(project.baselinePath, this.client.features);
    if (!this.client.features.watchRegistration) this.watchProject(project);
    this.feed.project(project);
  }

  /** The project file and its baseline are watched by ourselves. */
  private watchProject({ path, baselinePath }: Project): void {
    const changed = (): void => this.guard.run('project file', () => this.kernelChanged());
    for (const file of [path, ...(baselinePath === undefined ? [] : [baselinePath])]) this.platform.files.watch?.(file, changed);
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
      if (paths === undefined) this.feed.unsettled(document.uri);
      const verdicts = paths?.has(kernel.path) === true ? this.index?.indexes.of(root, kernel.path, document.bytes)?.verdicts : undefined;
      if (verdicts !== undefined && this.host.said(document.uri, document.bytes, verdicts)) this.feed.showAgain(document.uri);
    }
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
      openDocument: (path) => this.documents.byPath(path),
    };
  }

  private async check(params: CheckParams, token: CancellationToken): Promise<CheckResult> {
    const progress = this.connection.window.attachWorkDoneProgress(params.workDoneToken);
    // The client's own progress view has the title already.
    const snapshot = this.host.snapshot();
    progress.begin('GFP Lens', 0, 'looking for files', true);
    this.status.busy(snapshot, 'checking files');
    try {
      const openUri = (path: string): string | undefined => this.documents.byPath(path)?.uri;
      const link = (rule: string): string | undefined => this.client.pages.link(rule);
      const documentAt = (root: string | undefined, path: string): ByteDocument | undefined => this.documents.at(root, path);
      const publish = (uri: string, diagnostics: Diagnostic[]): void => this.feed.publish(uri, diagnostics);
      return await runCheck(
        params,
        { files: this.platform.files, snapshot, features: this.client.features, link, documentAt, openUri, publish },
        progress,
        token,
      );
    } finally {
      progress.done();
      this.status.idle(snapshot);
    }
  }
}
