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
  /** What was found, as the body of a web page: HTML without style and script, all text escaped. Absent for a single file. */
  readonly report?: { readonly title: string; readonly html: string };
  /** The user stopped it; what was found until then is shown. */
  readonly cancelled?: boolean;
}

export const checkQuestion: Question<CheckParams, CheckResult> = { method: 'gfpLens/check' };
