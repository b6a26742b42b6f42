import type { MaskAsk } from '../ide/maskAnswer';
import type { MaskView } from '../report/maskView';
import type { Page } from './pages';
import type { Question } from './question';

export type { MaskAsk, MaskView };

export interface DecodeMaskParams {
  /** A mask expression or a number, as it stands in C, a trace line or a log. */
  readonly text: string;
  /** Whose tree decides on the kernel release. */
  readonly uri?: string;
}

export const decodeMaskQuestion: Question<DecodeMaskParams, Page | null> = { method: 'gfpLens/decodeMask' };

export interface MaskViewParams extends MaskAsk {
  /** Whose tree decides on the kernel, where no release is given. */
  readonly uri?: string;
}

/** `kernels`: releases to choose from, the newest first. */
export type MaskViewResult = { readonly kernels: readonly string[] } & ({ readonly view: MaskView } | { readonly error: string });

export const maskViewQuestion: Question<MaskViewParams, MaskViewResult | null> = { method: 'gfpLens/maskView' };

export interface CompareMasksParams {
  readonly first: MaskAsk;
  readonly second: MaskAsk;
  readonly uri?: string;
}

export const compareMasksQuestion: Question<CompareMasksParams, Page | null> = { method: 'gfpLens/compareMasks' };

export interface CompareReleasesParams {
  readonly text: string;
  readonly uri?: string;
}

export const compareReleasesQuestion: Question<CompareReleasesParams, Page | null> = { method: 'gfpLens/compareReleases' };
