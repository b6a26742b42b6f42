import { RequestType } from 'vscode-languageclient/node';
import type { Page } from './protocol';

/** Questions about masks that our server answers beyond the Language Server Protocol. */

export interface MaskAsk {
  readonly text: string;
  /** `X.Y[.Z]` in place of the kernel at hand. */
  readonly kernel?: string;
  readonly order?: number;
  /** Bytes asked from kmalloc(). */
  readonly size?: number;
  readonly context?: readonly string[];
}

/** What the mask explorer shows. */
export interface MaskView {
  readonly kernel: string;
  readonly hex: string;
  readonly name: string;
  readonly source: string;
  readonly summary: readonly string[];
  readonly rows: readonly (readonly [label: string, text: string])[];
  readonly path: readonly { readonly step: string; readonly outcome: string; readonly why?: string; readonly source: string }[];
  readonly nested: readonly { readonly allocator: string; readonly hex: string | null; readonly note: string }[];
  readonly problems: readonly { readonly rule: string; readonly severity: string; readonly message: string }[];
  readonly notes: readonly string[];
  readonly flags: readonly { readonly name: string; readonly description: string; readonly on: boolean }[];
  readonly composites: readonly { readonly name: string; readonly flags: readonly string[] }[];
}

export interface MaskViewParams extends MaskAsk {
  readonly uri?: string;
}

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
