import type { Question } from './question';

/** A question of a language model, by the tool's name. */
export interface AssistParams {
  readonly tool: string;
  /** As the model gave it. */
  readonly input: unknown;
}

/** `error`: what was wrong with the question, for the model to ask a better one. */
export type AssistAnswer = { readonly text: string } | { readonly error: string };

export const assistQuestion: Question<AssistParams, AssistAnswer> = { method: 'gfpLens/assist' };
