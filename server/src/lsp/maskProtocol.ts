import { RequestType } from 'vscode-languageserver/node';
import type { MaskAsk } from '../ide/maskAnswer';
import type { MaskView } from '../report/maskView';
import type { Page } from './protocol';

/** Questions about masks beyond the Language Server Protocol; the client has the same types. */

export interface MaskViewParams extends MaskAsk {
  /** Whose tree decides on the kernel, where no release is given. */
  readonly uri?: string;
}

/** `kernels`: releases to choose from, the newest first. */
export type MaskViewResult = { readonly kernels: readonly string[] } & ({ readonly view: MaskView } | { readonly error: string });

export const maskViewRequest = new RequestType<MaskViewParams, MaskViewResult | null, void>('gfpLens/maskView');

export interface CompareMasksParams {
  readonly first: MaskAsk;
  readonly second: MaskAsk;
  readonly uri?: string;
}

export const compareMasksRequest = new RequestType<CompareMasksParams, Page | null, void>('gfpLens/compareMasks');

export interface CompareReleasesParams {
  readonly text: string;
  readonly uri?: string;
}

export const compareReleasesRequest = new RequestType<CompareReleasesParams, Page | null, void>('gfpLens/compareReleases');
