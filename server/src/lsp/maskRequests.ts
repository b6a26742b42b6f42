import type { CancellationToken, Connection } from 'vscode-languageserver';
import { decodeMask } from '../ide/decodeMask';
import type { KernelOfFile } from '../ide/kernels';
import { answerMask, type MaskAsk, modelOfRelease } from '../ide/maskAnswer';
import type { HostSettings } from '../ide/settings';
import { allReleases, formatRelease } from '../kernel/index';
import {
  type CompareMasksParams,
  type CompareReleasesParams,
  compareMasksQuestion,
  compareReleasesQuestion,
  type DecodeMaskParams,
  decodeMaskQuestion,
  type MaskViewParams,
  type MaskViewResult,
  maskViewQuestion,
} from '../protocol/masks';
import type { Page } from '../protocol/pages';
import { hoverMarkdown, type RulePageLink } from '../report/hoverMarkdown';
import { type ComparedMask, masksComparison, releasesComparison } from '../report/maskComparison';
import { maskMarkdown } from '../report/maskMarkdown';
import { maskView } from '../report/maskView';
import type { Guard } from './guard';

/** What the answers need of the server. */
export interface MaskRequestHost {
  readonly guard: Guard;
  /** The kernel and settings that count for a document, or for none. */
  readonly kernelFor: (uri: string | undefined) => { readonly kernel: KernelOfFile; readonly settings: HostSettings };
  readonly link: RulePageLink;
}

/** Answers the questions about masks that stand in no C file. */
export function answerMaskRequests(connection: Connection, host: MaskRequestHost): void {
  const { guard } = host;
  const on = <P, R>(type: { readonly method: string }, empty: R, answer: (params: P) => R): void => {
    connection.onRequest(type.method, (params: P, token: CancellationToken) =>
      guard.request(type.method, token, empty, () => answer(params)),
    );
  };
  on<DecodeMaskParams, Page | null>(decodeMaskQuestion, null, (params) => decode(params, host));
  on<MaskViewParams, MaskViewResult | null>(maskViewQuestion, null, (params) => view(params, host));
  on<CompareMasksParams, Page | null>(compareMasksQuestion, null, (params) => compareMasks(params, host));
  on<CompareReleasesParams, Page | null>(compareReleasesQuestion, null, (params) => compareReleases(params, host));
}

function decode({ text, uri }: DecodeMaskParams, host: MaskRequestHost): Page | null {
  const { kernel, known } = kernelOf(uri, host);
  const decoded = decodeMask(String(text), kernel.context, known);
  if (decoded === undefined) return null;
  return 'hover' in decoded
    ? { title: decoded.hover.name, markdown: hoverMarkdown(decoded.hover, host.link) }
    : { title: decoded.answer.input, markdown: maskMarkdown(decoded.answer) };
}

function view(params: MaskViewParams, host: MaskRequestHost): MaskViewResult {
  const { kernel, known } = kernelOf(params.uri, host);
  const kernels = allReleases().map(formatRelease).reverse();
  const answered = answerMask(asked(params), kernel.context.model, known);
  if ('error' in answered) return { kernels, error: answered.error };
  return { kernels, view: maskView(answered.answer, answered.model) };
}

function compareMasks({ first, second, uri }: CompareMasksParams, host: MaskRequestHost): Page {
  const { kernel, known } = kernelOf(uri, host);
  const side = (given: MaskAsk): ComparedMask => {
    const ask = asked(given);
    const answered = answerMask(ask, kernel.context.model, known);
    const title = ask.kernel === undefined ? ask.text : `${ask.text} in ${ask.kernel}`;
    return { title, answer: 'error' in answered ? answered : answered.answer };
  };
  const sides = [side(first), side(second)] as const;
  return { title: `${sides[0].title} and ${sides[1].title}`, markdown: masksComparison(...sides) };
}

function compareReleases({ text, uri }: CompareReleasesParams, host: MaskRequestHost): Page {
  const { model } = kernelOf(uri, host).kernel.context;
  const sides = allReleases().map((release): ComparedMask => {
    const title = formatRelease(release);
    const other = modelOfRelease(title, model);
    const answered = 'error' in other ? other : answerMask({ text: String(text) }, other, true);
    return { title, answer: 'error' in answered ? answered : answered.answer };
  });
  return { title: String(text), markdown: releasesComparison(String(text), sides) };
}

function kernelOf(uri: string | undefined, host: MaskRequestHost): { readonly kernel: KernelOfFile; readonly known: boolean } {
  const { kernel, settings } = host.kernelFor(uri);
  return { kernel, known: kernel.root !== undefined || settings.kernelVersion !== undefined };
}

/** Members of the wrong type count as not given. */
function asked(given: Partial<MaskAsk> | undefined): MaskAsk {
  const kernel = typeof given?.kernel === 'string' && given.kernel !== '' ? given.kernel : undefined;
  return { text: String(given?.text ?? ''), kernel, order: given?.order, size: given?.size, context: given?.context };
}
