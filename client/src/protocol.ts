import { NotificationType, RequestType, type WorkDoneProgressParams } from 'vscode-languageclient/node';

/** What our server says beyond the Language Server Protocol. URIs are strings, as everywhere in the protocol. */

export interface StatusParams {
  /** The document the model belongs to; absent: the server as a whole. */
  readonly uri?: string;
  /** The kernel model in use, as a user reads it: `6.1.192 (tree)`. */
  readonly model: string;
  readonly state: 'idle' | 'busy';
  /** What the server is busy with, or what is wrong. */
  readonly message?: string;
}

export const statusNotification = new NotificationType<StatusParams>('gfpLens/status');

export interface DecodeMaskParams {
  /** A mask expression or a number, as it stands in C, a trace line or a log. */
  readonly text: string;
  /** Whose tree decides on the kernel release. */
  readonly uri?: string;
}

/** A page of Markdown. */
export interface Page {
  readonly title: string;
  readonly markdown: string;
}

export const decodeMaskRequest = new RequestType<DecodeMaskParams, Page | null, void>('gfpLens/decodeMask');

export interface CheckParams extends WorkDoneProgressParams {
  readonly kind: 'file' | 'folder' | 'tree';
  readonly uri: string;
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

export const checkRequest = new RequestType<CheckParams, CheckResult, void>('gfpLens/check');

export interface RulePageParams {
  readonly id: string;
}

export const rulePageRequest = new RequestType<RulePageParams, Page | null, void>('gfpLens/rulePage');
