import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { nextTurn } from './turn';

export type Log = (message: string) => void;

/**
 * Wraps every handler of the server, so that none of them can end it: what goes wrong is logged, and the client gets an
 * empty answer.
 */
export class Guard {
  constructor(private readonly log: Log) {}

  /** For requests: also gives the client's `$/cancelRequest`, which may already be waiting, the time to arrive. */
  async request<T>(what: string, token: CancellationToken, empty: T, work: () => T | Promise<T>): Promise<T | ResponseError> {
    try {
      await letMessagesIn();
      if (token.isCancellationRequested) return cancelled();
      return await work();
    } catch (error) {
      if (error instanceof ResponseError) return error;
      this.report(what, error);
      return empty;
    }
  }

  /** For notifications and timers. */
  run(what: string, work: () => void | Promise<void>): void {
    try {
      const done = work();
      if (done instanceof Promise) done.catch((error: unknown) => this.report(what, error));
    } catch (error) {
      this.report(what, error);
    }
  }

  private report(what: string, error: unknown): void {
    this.log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

export function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

/** The document changed since the question was asked; clients drop this answer in silence. */
export function contentModified(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, 'the document changed');
}

/** Two turns of the event loop: the connection hands out one message per turn, and this turn's is already scheduled behind us. */
export async function letMessagesIn(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
