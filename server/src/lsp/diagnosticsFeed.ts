import type { CancellationToken, Connection, Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport } from 'vscode-languageserver';
import { CodeLensRefreshRequest } from 'vscode-languageserver';
import type { Host } from '../ide/host';
import type { HostSettings } from '../ide/settings';
import type { Project } from '../program/project';
import type { ByteDocument } from './byteDocument';
import type { ClientFeatures } from './clientFeatures';
import type { ClientProfile } from './clientProfile';
import type { Files } from './files';
import type { Guard } from './guard';
import { IdleSchedule } from './idleSchedule';
import type { OpenDocuments } from './openDocuments';
import { PushSchedule } from './pushSchedule';
import { inSlices } from './slices';
import type { StatusReports } from './statusReports';
import { toDiagnostic, toProjectDiagnostic } from './toProto';

/** What the feed asks of the rest of the server. */
export interface FeedSurroundings {
  readonly connection: Connection;
  readonly files: Files;
  readonly guard: Guard;
  readonly host: Host;
  readonly documents: OpenDocuments;
  readonly client: () => ClientProfile;
  readonly status: () => StatusReports;
  /** A document of a tree has come to rest. */
  readonly rested: (root: string | undefined, settings: HostSettings) => void;
}

/** Shows diagnostics: pushes them or lets them be pulled, and says when those that are shown are out of date. */
export class DiagnosticsFeed {
  private readonly push: PushSchedule;
  private readonly idle: IdleSchedule;
  /** Documents whose diagnostics were pushed and not taken back. */
  private readonly published = new Set<string>();
  /** Project files whose mistakes are shown. */
  private readonly wrongProjects = new Set<string>();
  /** Counts what can change diagnostics of an unchanged text; part of their result id. */
  private generation = 0;

  constructor(private readonly around: FeedSurroundings) {
    const { guard } = around;
    this.push = new PushSchedule((uri) => guard.run('diagnostics', () => this.refresh(uri)));
    this.idle = new IdleSchedule((uri) => guard.run('analysis', () => this.settle(uri)));
  }

  private get features(): ClientFeatures {
    return this.around.client().features;
  }

  /** The document has another text, or what its text means has changed. */
  changed(uri: string): void {
    this.push.changed(uri);
    this.idle.changed(uri);
  }

  /** What others say of the document has changed: it is looked at as a whole once more. */
  unsettled(uri: string): void {
    this.idle.changed(uri);
  }

  closed(uri: string): void {
    this.push.closed(uri);
    this.idle.closed(uri);
    this.publish(uri, []);
  }

  /** Shows what is wrong with a project file. */
  project(project: Project): void {
    if (project.problems.length === 0) return;
    const uri = this.around.files.uriOf(project.path);
    this.wrongProjects.add(uri);
    this.publish(uri, project.problems.map(toProjectDiagnostic));
  }

  /** Project files are read again: what was wrong with them need not be. */
  forgetProjects(): void {
    for (const uri of this.wrongProjects) this.publish(uri, []);
    this.wrongProjects.clear();
  }

  /** Something other than a text changed: everything shown has to be made anew. */
  refreshAll(): void {
    this.generation++;
    for (const { uri } of this.around.documents.all()) this.changed(uri);
    if (this.features.pull) this.around.connection.languages.diagnostics.refresh().catch(() => undefined);
    this.refreshHints();
  }

  refreshHints(): void {
    if (this.features.inlayHintRefresh) this.around.connection.languages.inlayHint.refresh().catch(() => undefined);
    if (this.features.codeLensRefresh) this.around.connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
  }

  /** Publishes what the newest text has, in one piece: no other message comes in between. */
  private refresh(uri: string): void {
    const document = this.around.documents.get(uri);
    if (document === undefined) return;
    if (!this.features.pull) this.publish(uri, this.diagnosticsOf(document), document.version);
    this.around.status().document(uri, this.around.host.snapshot());
  }

  /** While nobody types: what the functions of the document do to each other, and what its headers say. Shown only if it changes something. */
  private async settle(uri: string): Promise<void> {
    const snapshot = this.around.host.snapshot();
    const text = snapshot.text(uri);
    if (text !== undefined && snapshot.isAnalysed(uri)) this.around.rested(snapshot.kernelOf(uri).root, snapshot.settingsFor(text.path));
    const before = snapshot.reading(uri)?.facts;
    const isNew = await inSlices(this.around.host.settling(uri));
    if (isNew) this.showAgain(uri);
    const { codeLens, contextLens, contextHints } = snapshot.settingsFor(text?.path ?? '');
    // Contexts of functions are known only now, and lenses count findings.
    const hasContexts = (contextLens || contextHints) && before !== undefined && before.linkage === undefined;
    if (hasContexts || (isNew && codeLens)) this.refreshHints();
  }

  showAgain(uri: string): void {
    this.refresh(uri);
    if (!this.features.pull) return;
    this.generation++;
    this.around.connection.languages.diagnostics.refresh().catch(() => undefined);
  }

  private diagnosticsOf(document: ByteDocument): Diagnostic[] {
    const context = this.around.documents.context(document);
    return this.around.host
      .snapshot()
      .diagnostics(document.uri)
      .map((finding) => toDiagnostic(finding, document, context));
  }

  publish(uri: string, diagnostics: Diagnostic[], version?: number): void {
    if (diagnostics.length === 0 && version === undefined && !this.published.has(uri)) return;
    if (diagnostics.length === 0) this.published.delete(uri);
    else this.published.add(uri);
    const withVersion = version !== undefined && this.features.diagnosticVersion;
    this.around.guard.run('publish', () => this.around.connection.sendDiagnostics({ uri, diagnostics, ...(withVersion && { version }) }));
  }

  pull(params: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    return this.around.guard.request<DocumentDiagnosticReport>('diagnostics', token, { kind: 'full', items: [] }, () => {
      const document = this.around.documents.of(params);
      if (document === undefined) return { kind: 'full', items: [] };
      const resultId = `${document.version}.${this.generation}`;
      if (params.previousResultId === resultId) return { kind: 'unchanged', resultId };
      return { kind: 'full', resultId, items: this.diagnosticsOf(document) };
      // A ResponseError is an answer of its own to the connection, though its handler type for this request does not say so.
    }) as Promise<DocumentDiagnosticReport>;
  }
}
