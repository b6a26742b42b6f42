import type { Question } from './question';

/** A page of Markdown. */
export interface Page {
  readonly title: string;
  readonly markdown: string;
}

export interface RulePageParams {
  readonly id: string;
}

export const rulePageQuestion: Question<RulePageParams, Page | null> = { method: 'gfpLens/rulePage' };
