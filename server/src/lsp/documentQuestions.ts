import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type CodeLens,
  type CodeLensParams,
  type CompletionItem,
  type CompletionParams,
  type FoldingRange,
  type FoldingRangeParams,
  type Hover,
  type HoverParams,
  type InlayHint,
  type InlayHintParams,
  type Range,
} from 'vscode-languageserver';
import type { Host } from '../ide/host';
import type { KernelOfFile } from '../ide/kernels';
import type { ExplainLogParams, FindFunctionParams, FunctionPlace, LogPage } from '../protocol/logs';
import { acceptActions } from './acceptActions';
import type { ByteDocument } from './byteDocument';
import { FIX_ALL } from './clientFeatures';
import type { ClientProfile } from './clientProfile';
import type { Files } from './files';
import { toTextRange } from './fromProto';
import { LogRequests } from './logRequests';
import type { OpenDocuments, TextDocumentParams } from './openDocuments';
import { toCodeLens, toCompletionItem, toInlayHint } from './toEditorFeatures';
import { type ProtoContext, toCodeAction, toDiagnostic, toHover } from './toProto';
import type { TreeKernels } from './treeKernels';

/** What questions about a document are answered from. */
export interface QuestionSources {
  readonly files: Files;
  readonly host: Host;
  readonly kernels: TreeKernels;
  readonly documents: OpenDocuments;
  readonly client: () => ClientProfile;
  readonly firstFolder: () => string | undefined;
}

/**
 * Questions of the editor about a place in a document. Each takes its document when the request comes in, and answers only when that is still the newest:
 * positions of one text mean nothing in another.
 */
export class DocumentQuestions {
  constructor(private readonly sources: QuestionSources) {}

  hover(params: HoverParams): () => Hover | null {
    return this.about<Hover | null>(params, null, (document) => {
      const { host, documents, client } = this.sources;
      if (LogRequests.isLog(document)) return this.logHover(document, params);
      const [snapshot, offset] = [host.snapshot(), document.offsetAt(params.position)];
      const hover = snapshot.hover(document.uri, offset);
      if (hover === undefined) return null;
      const { maskLink } = client();
      const mask = maskLink === undefined ? undefined : snapshot.maskTextAt(document.uri, offset);
      const explore = mask === undefined ? undefined : maskLink?.replace('{mask}', encodeURIComponent(mask));
      return toHover(hover, document, documents.context(document), explore);
    });
  }

  codeActions(params: CodeActionParams): () => CodeAction[] {
    return this.about<CodeAction[]>(params, [], (document) => {
      const snapshot = this.sources.host.snapshot();
      const only = params.context.only;
      const wants = (kind: string): boolean => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
      const quick = wants('quickfix') ? snapshot.codeActions(document.uri, toTextRange(params.range, document)) : [];
      const offers = wants(CodeActionKind.RefactorRewrite) ? snapshot.offers(document.uri, toTextRange(params.range, document)) : [];
      // Fixing everything costs several analyses: only when it is asked for by name.
      const all = only !== undefined && wants(FIX_ALL) ? snapshot.fixAll(document.uri) : undefined;
      const context = this.sources.documents.context(document);
      const own = [...quick, ...offers, ...(all === undefined ? [] : [all])].flatMap((one) => toCodeAction(one, document, context) ?? []);
      return wants('quickfix') ? [...own, ...this.acceptActions(document, params.range, context)] : own;
    });
  }

  completion(params: CompletionParams): () => CompletionItem[] {
    return this.about<CompletionItem[]>(params, [], (document) => {
      const items = this.sources.host.snapshot().completions(document.uri, document.offsetAt(params.position));
      return items.map((item) => toCompletionItem(item, document));
    });
  }

  inlayHints(params: InlayHintParams): () => InlayHint[] {
    return this.about<InlayHint[]>(params, [], (document) => {
      const hints = this.sources.host.snapshot().inlayHints(document.uri, toTextRange(params.range, document));
      return hints.map((hint) => toInlayHint(hint, document));
    });
  }

  codeLenses(params: CodeLensParams): () => CodeLens[] {
    return this.about<CodeLens[]>(params, [], (document) => {
      const { host, client } = this.sources;
      if (LogRequests.isLog(document)) return client().logs.lenses(document);
      const lenses = host.snapshot().codeLenses(document.uri);
      return lenses.map((lens) => toCodeLens(lens, document, client().ownClient));
    });
  }

  folds(params: FoldingRangeParams): () => FoldingRange[] {
    return this.about<FoldingRange[]>(params, [], (document) => {
      return LogRequests.isLog(document) ? this.sources.client().logs.folds(document) : [];
    });
  }

  async explainLog(params: ExplainLogParams, token: CancellationToken): Promise<LogPage | null> {
    const document = this.sources.documents.get(String(params?.uri));
    if (document === undefined || !LogRequests.isLog(document)) return null;
    return this.sources.client().logs.page(document, params, this.kernelOfLog(document), token);
  }

  async findFunction(params: FindFunctionParams, token: CancellationToken): Promise<FunctionPlace | null> {
    const document = this.sources.documents.get(String(params?.uri));
    return document === undefined ? null : this.sources.client().logs.place(params, this.kernelOfLog(document), token);
  }

  private about<T>(params: TextDocumentParams, empty: T, answer: (document: ByteDocument) => T): () => T {
    const { documents } = this.sources;
    const document = documents.of(params);
    return () => {
      if (document === undefined) return empty;
      documents.assertNewest(document);
      return answer(document);
    };
  }

  private logHover(document: ByteDocument, { position }: HoverParams): Hover | null {
    const { context } = this.kernelOfLog(document);
    return this.sources.client().logs.hover(document, position, context, this.sources.documents.context(document));
  }

  /** A log lies in no tree: the one that is open counts. */
  private kernelOfLog(document: ByteDocument): KernelOfFile {
    const snapshot = this.sources.host.snapshot();
    const own = snapshot.kernelOf(undefined, document.path);
    return own.root === undefined ? snapshot.kernelOf(undefined, this.sources.firstFolder()) : own;
  }

  /** What accepts the findings at a place without a change of the source. */
  private acceptActions(document: ByteDocument, range: Range, context: ProtoContext): readonly CodeAction[] {
    const { files, host, kernels, client } = this.sources;
    const snapshot = host.snapshot();
    const { root } = snapshot.kernelOf(document.uri);
    const saveCommand = client().ownClient ? 'gfpLens.saveFiles' : undefined;
    const place = { files, features: client().features, project: kernels.projectOf(document.path), root, saveCommand };
    return snapshot.findingsIn(document.uri, toTextRange(range, document)).flatMap((finding) => {
      const diagnostics = [toDiagnostic(finding, document, context)];
      return acceptActions(finding, place).map((action) => ({ ...action, diagnostics }));
    });
  }
}
