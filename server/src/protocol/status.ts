import type { Notice } from './question';

export interface StatusParams {
  /** The document the model belongs to; absent: the server as a whole. */
  readonly uri?: string;
  /** The kernel model in use, as a user reads it: `6.1.192 (tree)`. */
  readonly model: string;
  readonly state: 'idle' | 'busy';
  /** What the server is busy with, or what is wrong. */
  readonly message?: string;
}

export const statusNotice: Notice<StatusParams> = { method: 'gfpLens/status' };
