import type { Question } from './question';

export interface ExplainLogParams {
  readonly uri: string;
  /** The failure around it is meant, else the next one. */
  readonly line: number;
  /** Also look up the caller in the open tree, which can take seconds. */
  readonly withSource?: boolean;
}

export interface LogPage {
  readonly title: string;
  /** First line of the failure. */
  readonly line: number;
  /** The body of a page: HTML without style and script, all text of the log escaped. */
  readonly html: string;
  /** The same for a terminal or a mail. */
  readonly text: string;
  /** A tree is open in which the caller can be looked up. */
  readonly sources: boolean;
}

/** Null: the text has no failure. */
export const explainLogQuestion: Question<ExplainLogParams, LogPage | null> = { method: 'gfpLens/explainLog' };

export interface FindFunctionParams {
  /** The log. */
  readonly uri: string;
  readonly name: string;
  /** As a trace names it; empty for code that is built in. */
  readonly module: string;
}

export interface FunctionPlace {
  readonly uri: string;
  readonly line: number;
}

/** Null: the open tree does not define it. */
export const findFunctionQuestion: Question<FindFunctionParams, FunctionPlace | null> = { method: 'gfpLens/findFunction' };
