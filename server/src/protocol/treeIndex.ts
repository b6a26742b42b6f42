import type { Notice, Question } from './question';

export interface IndexParams {
  /** A file or folder of the kernel tree. */
  readonly uri: string;
  readonly workDoneToken?: string | number;
}

export interface IndexResult {
  readonly files: number;
  readonly state: 'ready' | 'stopped' | 'failed';
  /** For people. */
  readonly message: string;
}

/** Reads the whole kernel tree around a file, so that open documents know their callers. Answers when it is done. */
export const indexQuestion: Question<IndexParams, IndexResult> = { method: 'gfpLens/index' };

export interface IndexStateParams {
  readonly state: 'reading' | 'ready' | 'stopped' | 'failed';
  /** For people: `index of 55,405 files`. */
  readonly message: string;
}

export const indexNotice: Notice<IndexStateParams> = { method: 'gfpLens/indexState' };
