import type { CancellationToken } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { Question } from '../../server/src/protocol/question';

/** Asks our server something that the Language Server Protocol has no request for. */
export function ask<Params, Answer>(
  client: BaseLanguageClient,
  { method }: Question<Params, Answer>,
  params: Params,
  token?: CancellationToken,
): Promise<Answer> {
  // A token that is undefined would be sent as a second parameter.
  return token === undefined ? client.sendRequest<Answer>(method, params) : client.sendRequest<Answer>(method, params, token);
}
