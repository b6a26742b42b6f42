import {
  type CancellationToken,
  type CodeLens,
  CodeLensRequest,
  type Connection,
  type FoldingRange,
  FoldingRangeRequest,
  type Hover,
  type Position,
} from 'vscode-languageserver';
import { MAX_TEXT } from '../ide/document';
import type { KernelContext, KernelOfFile } from '../ide/kernels';
import { type FailureExplanation, failureNear, foldsOf, type LogDocument, readLogDocument } from '../ide/logDocument';
import { logHoverAt } from '../ide/logHover';
import { logSource } from '../ide/logSource';
import type { ExplainLogParams, FindFunctionParams, FunctionPlace, LogPage } from '../protocol/logs';
import { logHtml, logTitle } from '../report/logHtml';
import { logPage } from '../report/logPage';
import { type LogSourceRecord, logSourceRecord } from '../report/logSourceRecord';
import { PLAIN } from '../report/maskPage';
import type { ByteDocument } from './byteDocument';
import type { ClientFeatures } from './clientFeatures';
import type { Files } from './files';
import { FunctionLookup } from './functionLookup';
import { type ProtoContext, toHover } from './toProto';

const LANGUAGE = 'kernel-log';

/** Answers questions about kernel logs; each log is read once per version. */
export class LogRequests {
  private readonly logs = new WeakMap<ByteDocument, LogDocument>();
  private readonly lookup: FunctionLookup;

  /** `explainCommand`: the client's command that shows an explanation; without one there are no lenses. */
  constructor(
    private readonly files: Files,
    private readonly explainCommand: string | undefined,
  ) {
    this.lookup = new FunctionLookup(files);
  }

  static isLog(document: ByteDocument | undefined): boolean {
    return document?.languageId === LANGUAGE && document.bytes.length <= MAX_TEXT;
  }

  /** Tells the client which questions about logs are answered; folds and lenses of other languages stay with their own servers. */
  async register({ client }: Connection, features: ClientFeatures): Promise<void> {
    const options = { documentSelector: [{ language: LANGUAGE }] };
    if (features.foldingRegistration) await client.register(FoldingRangeRequest.type, options);
    if (features.lensRegistration && this.explainCommand !== undefined) await client.register(CodeLensRequest.type, options);
  }

  hover(document: ByteDocument, position: Position, kernel: KernelContext, context: ProtoContext): Hover | null {
    const hover = logHoverAt(this.read(document), document.offsetAt(position), kernel);
    return hover === undefined ? null : toHover(hover, document, context);
  }

  folds(document: ByteDocument): FoldingRange[] {
    return foldsOf(this.read(document)).map(({ start, end }) => ({ startLine: start, endLine: end }));
  }

  lenses(document: ByteDocument): CodeLens[] {
    const command = this.explainCommand;
    if (command === undefined) return [];
    return this.read(document).failures.map((failure) => {
      const line = failure.record.line - 1;
      return {
        range: { start: { line, character: 0 }, end: { line, character: 0 } },
        command: { title: lensTitle(failure), command, arguments: [document.uri, line] },
      };
    });
  }

  /** `withSource`: the caller is looked up in the tree, if one is open. */
  async page(document: ByteDocument, params: ExplainLogParams, kernel: KernelOfFile, token: CancellationToken): Promise<LogPage | null> {
    const failure = failureNear(this.read(document), Number(params.line) || 0);
    if (failure === undefined) return null;
    const sources = kernel.root !== undefined;
    const source = params.withSource === true ? await this.source(failure, kernel, token) : undefined;
    return {
      title: logTitle(failure),
      line: failure.record.line - 1,
      html: logHtml(failure, { sources, source }),
      text: logPage(failure, 1, PLAIN, source),
      sources,
    };
  }

  /** Where the open tree defines a function; null when it does not. */
  async place(params: FindFunctionParams, { root }: KernelOfFile, token: CancellationToken): Promise<FunctionPlace | null> {
    if (root === undefined) return null;
    const module = params.module === '' ? undefined : String(params.module);
    const found = await this.lookup.find(root, String(params.name), module, () => token.isCancellationRequested);
    return found === undefined ? null : { uri: this.files.uriOf(this.files.resolve(root, found.path)), line: found.line - 1 };
  }

  private async source(
    failure: FailureExplanation,
    { root, context }: KernelOfFile,
    token: CancellationToken,
  ): Promise<LogSourceRecord | undefined> {
    const { site } = failure;
    if (root === undefined || site === undefined) return undefined;
    const place = await this.lookup.find(root, site.function, site.module, () => token.isCancellationRequested);
    return place === undefined ? undefined : logSourceRecord(logSource(failure, place, context), context.model);
  }

  private read(document: ByteDocument): LogDocument {
    const known = this.logs.get(document);
    if (known !== undefined) return known;
    const log = readLogDocument(document.bytes);
    this.logs.set(document, log);
    return log;
  }
}

/** The state of a machine and a trace are no failures. */
function lensTitle(failure: FailureExplanation): string {
  const what = ['memory', 'state', 'events'].includes(failure.kind) ? 'Explain' : 'Explain this failure';
  return `${what} (${logTitle(failure)})`;
}
