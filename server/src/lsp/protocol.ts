import { NotificationType, RequestType, type WorkDoneProgressParams } from 'vscode-languageserver/node';

/** What the server says beyond the Language Server Protocol; the client has the same types. */

export interface StatusParams {
  /** The document the model belongs to; absent: the server as a whole. */
  readonly uri?: string;
  /** The kernel model in use, for people: `6.1.192 (tree)`. */
  readonly model: string;
  readonly state: 'idle' | 'busy';
  readonly message?: string;
}

export const statusNotification = new NotificationType<StatusParams>('gfpLens/status');

/** A page of Markdown. */
export interface Page {
  readonly title: string;
  readonly markdown: string;
}

export interface DecodeMaskParams {
  /** A mask expression or a number, as it stands in C, a trace line or a log. */
  readonly text: string;
  /** Whose tree decides on the kernel release. */
  readonly uri?: string;
}

export const decodeMaskRequest = new RequestType<DecodeMaskParams, Page | null, void>('gfpLens/decodeMask');

export interface RulePageParams {
  readonly id: string;
}

export const rulePageRequest = new RequestType<RulePageParams, Page | null, void>('gfpLens/rulePage');

export interface CheckParams extends WorkDoneProgressParams {
  readonly kind: 'file' | 'folder' | 'tree';
  readonly uri: string;
}

/** The findings themselves are published as diagnostics. */
export interface CheckResult {
  readonly files: number;
  readonly findings: number;
  /** Lines for people: counts per rule, what could not be analysed. */
  readonly summary: string;
  /** Stopped by the user; what was found until then is shown. */
  readonly cancelled?: boolean;
}

export const checkRequest = new RequestType<CheckParams, CheckResult, void>('gfpLens/check');
