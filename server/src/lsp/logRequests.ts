import {
  type CodeLens,
  CodeLensRequest,
  type Connection,
  type FoldingRange,
  FoldingRangeRequest,
  type Hover,
  type Position,
} from 'vscode-languageserver/node';
import { MAX_TEXT } from '../ide/document';
import type { KernelContext } from '../ide/kernels';
import { failureNear, foldsOf, type LogDocument, readLogDocument } from '../ide/logDocument';
import { logHoverAt } from '../ide/logHover';
import { logHtml, logTitle } from '../report/logHtml';
import { logPage } from '../report/logPage';
import { PLAIN } from '../report/maskPage';
import type { ByteDocument } from './byteDocument';
import type { ClientFeatures } from './clientFeatures';
import type { LogPage } from './logProtocol';
import { type ProtoContext, toHover } from './toProto';

const LANGUAGE = 'kernel-log';

/** Answers questions about kernel logs; each log is read once per version. */
export class LogRequests {
  private readonly logs = new WeakMap<ByteDocument, LogDocument>();

  /** `explainCommand`: the client's command that shows an explanation; without one there are no lenses. */
  constructor(private readonly explainCommand: string | undefined) {}

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
        command: { title: `Explain this failure (${logTitle(failure)})`, command, arguments: [document.uri, line] },
      };
    });
  }

  /** `sources`: a tree is open in which the functions of the trace can be looked up. */
  page(document: ByteDocument, line: number, sources: boolean): LogPage | null {
    const failure = failureNear(this.read(document), line);
    if (failure === undefined) return null;
    return {
      title: logTitle(failure),
      line: failure.record.line - 1,
      html: logHtml(failure, { sources }),
      text: logPage(failure, 1, PLAIN),
    };
  }

  private read(document: ByteDocument): LogDocument {
    const known = this.logs.get(document);
    if (known !== undefined) return known;
    const log = readLogDocument(document.bytes);
    this.logs.set(document, log);
    return log;
  }
}
