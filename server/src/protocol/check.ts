import type { Question } from './question';

export interface CheckParams {
  readonly kind: 'file' | 'folder' | 'tree';
  readonly uri: string;
  readonly workDoneToken?: string | number;
}

/** The findings themselves arrive as diagnostics. */
export interface CheckResult {
  readonly files: number;
  readonly findings: number;
  /** Lines for the output channel: counts per rule, gaps. */
  readonly summary: string;
  /** The user stopped it; what was found until then is shown. */
  readonly cancelled?: boolean;
}

export const checkQuestion: Question<CheckParams, CheckResult> = { method: 'gfpLens/check' };
